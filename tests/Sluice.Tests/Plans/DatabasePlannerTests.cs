using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources.Sqlite;
using Sluice.Targets;
using Sluice.Tests.Commands;

namespace Sluice.Tests.Plans;

public sealed class DatabasePlannerTests
{
    private static readonly TargetFeatures Features = new() { ServerKind = "PostgreSQL", Indexes = true, EnforcedKeys = true, Storage = true, Sequences = true };

    [Fact]
    public void Tables_become_statements_with_every_name_in_quotes()
    {
        var plan = Plan("", Table("T", Column("Id", "integer") with { IsNotNull = true }, Column("a\"; DROP TABLE x; --", "text") with
        {
            Default = new ColumnDefault(DefaultKind.Literal, "'; DROP TABLE y; --"),
        }));
        Assert.Equal(
            [
                "DROP TABLE IF EXISTS \"public\".\"t\" CASCADE",
                "CREATE TABLE \"public\".\"t\"\n(\n  \"id\" bigint NOT NULL,\n  \"a\"\"; DROP TABLE x; --\" text DEFAULT '''; DROP TABLE y; --'\n)",
            ],
            Assert.Single(plan.Tables).Create);
    }

    [Fact]
    public void Include_no_drop_drops_nothing() =>
        Assert.StartsWith("CREATE", Assert.Single(Plan("WITH include no drop", Table("t", Column("a", "text"))).Tables[0].Create), StringComparison.Ordinal);

    [Fact]
    public void Names_that_meet_in_the_target_are_all_named_before_anything_is_done()
    {
        var fault = Assert.Throws<SourceException>(() => Plan("", Table("Track", Column("a", "int"), Column("A", "int")), Table("track", Column("b", "int"))));
        Assert.Equal(
            "Names of the source are the same in the target: columns a and \"A\" of \"Track\" would both be a; table track would be a second public.track", fault.Message);
        Assert.Equal(2, Plan("WITH quote identifiers", Table("Track", Column("a", "int"), Column("A", "int")), Table("track", Column("b", "int"))).Tables.Length);
    }

    [Fact]
    public void A_long_name_is_cut_with_a_notice_and_may_then_meet_another()
    {
        var longName = new string('x', 70);
        var plan = Plan("", Table(longName, Column("a", "int")));
        Assert.Equal(63, plan.Tables[0].Target.Name.Length);
        Assert.Contains("has 70 bytes and is cut to", Assert.Single(plan.Notices), StringComparison.Ordinal);
        Assert.Throws<SourceException>(() => Plan("", Table(longName, Column("a", "int")), Table(longName + "y", Column("a", "int"))));
    }

    [Fact]
    public void Keys_are_built_as_indexes_first()
    {
        var table = Table("t", Column("A", "int"), Column("b", "int")) with { PrimaryKey = new KeyModel(null, ["A", "b"]), UniqueKeys = [new KeyModel(null, ["b"])] };
        Assert.Equal(
            [
                new IndexPlan("t_pkey", "CREATE UNIQUE INDEX \"t_pkey\" ON \"public\".\"t\" (\"a\", \"b\")", "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_pkey\" PRIMARY KEY USING INDEX \"t_pkey\""),
                new IndexPlan("t_b_key", "CREATE UNIQUE INDEX \"t_b_key\" ON \"public\".\"t\" (\"b\")", "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_b_key\" UNIQUE USING INDEX \"t_b_key\""),
            ],
            Plan("", table).Tables[0].Indexes);
        Assert.Empty(Plan("WITH create no indexes", table).Tables[0].Indexes);
    }

    [Theory]
    [InlineData("", "idx_t_ix_one")]
    [InlineData("WITH preserve index names", "ix_one")]
    public void Index_names_are_made_unique_or_kept(string options, string name)
    {
        var table = Table("t", Column("a", "int")) with { Indexes = [new TableIndex { Name = "IX_One", Parts = [new IndexPart("a", null, true)] }] };
        Assert.Equal((name, $"CREATE INDEX \"{name}\" ON \"public\".\"t\" (\"a\" DESC)"), Plan(options, table).Tables[0].Indexes.Select(index => (index.Name, index.Create)).Single());
    }

    [Fact]
    public void An_index_that_would_take_a_table_s_name_is_numbered()
    {
        var table = Table("t", Column("a", "int")) with { Indexes = [new TableIndex { Name = "other", Parts = [new IndexPart("a", null, false)] }] };
        Assert.Equal("other_2", Plan("WITH preserve index names", table, Table("other", Column("a", "int"))).Tables.Single(plan => plan.Target.Name == "t").Indexes[0].Name);
    }

    [Fact]
    public void An_index_that_cannot_be_said_in_the_target_s_sql_stays_behind_with_its_reason()
    {
        var table = Table("t", Column("a", "int")) with { Indexes = [new TableIndex { Name = "i", Parts = [new IndexPart("a", null, false)], Where = new SourceSql("glob(a)", null) }] };
        var plan = Plan("", table);
        Assert.Empty(plan.Tables[0].Indexes);
        Assert.Equal(new UncarriedObject("index", "t.i", "the expression glob(a) is not translated"), Assert.Single(plan.Uncarried));
    }

    [Fact]
    public void Foreign_keys_are_added_unchecked_then_checked()
    {
        var parent = Table("P", Column("Id", "int")) with { PrimaryKey = new KeyModel(null, ["Id"]) };
        var child = Table("c", Column("p", "int")) with { ForeignKeys = [new ForeignKey { Columns = ["p"], References = new("public", "p"), OnDelete = ForeignKeyAction.Cascade }] };
        var key = Assert.Single(Plan("", child, parent).Tables.Single(table => table.Target.Name == "c").ForeignKeys);
        Assert.Equal("ALTER TABLE \"public\".\"c\" ADD CONSTRAINT \"c_p_fkey\" FOREIGN KEY (\"p\") REFERENCES \"public\".\"p\" (\"id\") ON DELETE CASCADE NOT VALID", key.Add);
        Assert.Equal("ALTER TABLE \"public\".\"c\" VALIDATE CONSTRAINT \"c_p_fkey\"", key.Validate);
        Assert.All(Plan("WITH no foreign keys", child, parent).Tables, table => Assert.Empty(table.ForeignKeys));
    }

    [Theory]
    [InlineData("EXCLUDING TABLE NAMES LIKE 'p'", "it refers to p, which is not loaded")]
    [InlineData("", "p has no key of 2 columns")]
    public void A_foreign_key_without_its_other_end_stays_behind(string clauses, string reason)
    {
        var parent = Table("p", Column("a", "int")) with { PrimaryKey = new KeyModel(null, ["a"]) };
        var child = Table("c", Column("x", "int"), Column("y", "int")) with { ForeignKeys = [new ForeignKey { Columns = ["x", "y"], References = new("public", "p") }] };
        Assert.Equal(new UncarriedObject("foreign key", "c.x_y", reason), Assert.Single(Plan(clauses, child, parent).Uncarried));
    }

    [Fact]
    public void A_numbered_column_gets_a_sequence_that_is_set_unless_it_is_not_wanted()
    {
        var table = Table("t", Column("id", "integer") with { IsAutoIncrement = true });
        Assert.Contains("pg_get_serial_sequence('\"public\".\"t\"', 'id')", Assert.Single(Plan("", table).Tables[0].Sequences), StringComparison.Ordinal);
        Assert.Empty(Plan("WITH reset no sequences", table).Tables[0].Sequences);
        Assert.Empty(Plan("CAST type integer with extra auto_increment to bigint", table).Tables[0].Sequences);
    }

    [Theory]
    [InlineData("INCLUDING ONLY TABLE NAMES LIKE 'a%'", "ab,AC")]
    [InlineData("INCLUDING ONLY TABLE NAMES LIKE '_b', 'x.y'", "ab,x.y")]
    [InlineData("EXCLUDING TABLE NAMES LIKE 'A%'", "x.y,xay")]
    [InlineData("INCLUDING ONLY TABLE NAMES LIKE '%' EXCLUDING TABLE NAMES LIKE 'x%'", "ab,AC")]
    public void Tables_are_chosen_by_like(string clauses, string expected)
    {
        var plan = Plan(clauses, [.. new[] { "ab", "AC", "x.y", "xay" }.Select(name => Table(name, Column("a", "int")))]);
        Assert.Equal(expected, string.Join(',', plan.Tables.Select(table => table.Source.Name.Name)));
    }

    [Theory]
    [InlineData("_", "😀,é")]
    [InlineData("__", "a😀")]
    [InlineData("%__", "a😀")]
    [InlineData("_%_", "a😀")]
    [InlineData("%😀", "😀,a😀")]
    public void An_underscore_of_like_is_one_character_whatever_its_size(string pattern, string expected)
    {
        var plan = Plan($"INCLUDING ONLY TABLE NAMES LIKE '{pattern}'", [.. new[] { "😀", "a😀", "é" }.Select(name => Table(name, Column("a", "int")))]);
        Assert.Equal(expected, string.Join(',', plan.Tables.Select(table => table.Source.Name.Name)));
    }

    [Theory]
    [InlineData("ALTER TABLE NAMES MATCHING 'Track' RENAME TO 'Song'", "public.\"Song\"")]
    [InlineData("ALTER TABLE NAMES MATCHING 'track' RENAME TO 'Song'", "public.track")]
    [InlineData("ALTER TABLE NAMES MATCHING ~/^T/ SET SCHEMA 'Music'", "music.track")]
    [InlineData("ALTER TABLE NAMES MATCHING ~/x/, 'Track' IN SCHEMA 'public' SET SCHEMA 'm'", "m.track")]
    [InlineData("ALTER TABLE NAMES MATCHING 'Track' IN SCHEMA 'other' SET SCHEMA 'm'", "public.track")]
    [InlineData("ALTER SCHEMA 'public' RENAME TO 'All of It'", "\"All of It\".track")]
    [InlineData("ALTER SCHEMA 'other' RENAME TO 'x'", "public.track")]
    [InlineData("ALTER TABLE NAMES MATCHING 'Track' SET SCHEMA 'm' ALTER TABLE NAMES MATCHING 'Track' RENAME TO 'y' ALTER SCHEMA 'public' RENAME TO 'x'", "m.y")]
    public void Tables_can_be_renamed_and_moved(string clauses, string expected) =>
        Assert.Equal(expected, Assert.Single(Plan(clauses, Table("Track", Column("a", "int"))).Tables).Target.ToString());

    [Fact]
    public void Storage_parameters_and_tablespaces_are_written()
    {
        var plan = Plan("ALTER TABLE NAMES MATCHING ~/./ SET (fillfactor='40') ALTER TABLE NAMES MATCHING ~/./ SET TABLESPACE 'Fast'", Table("t", Column("a", "int")));
        Assert.EndsWith("\n)\nWITH (fillfactor = '40')\nTABLESPACE \"Fast\"", plan.Tables[0].Create[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_regular_expression_that_is_wrong_is_said() =>
        Assert.Contains("~/(/ of ALTER TABLE cannot be used", Assert.Throws<CommandException>(() => Plan("ALTER TABLE NAMES MATCHING ~/(/ RENAME TO 'x'", Table("t", Column("a", "int")))).Message, StringComparison.Ordinal);

    [Fact]
    public void Tables_of_two_schemas_may_have_one_name_and_foreign_keys_follow_them()
    {
        var parent = Table("P", Column("Id", "int")) with { PrimaryKey = new KeyModel(null, ["Id"]) };
        var child = Table("c", Column("p", "int")) with { ForeignKeys = [new ForeignKey { Columns = ["p"], References = new("public", "P") }] };
        var plan = Plan("ALTER TABLE NAMES MATCHING 'P' SET SCHEMA 'm' ALTER TABLE NAMES MATCHING 'P' RENAME TO 'c'", child, parent);
        Assert.Equal(["m", "public"], plan.Schemas.Order(StringComparer.Ordinal));
        Assert.Contains("REFERENCES \"m\".\"c\" (\"id\")", plan.Tables.Single(table => table.Source.Name.Name == "c").ForeignKeys[0].Add, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_that_leave_nothing_are_an_error() =>
        Assert.Equal("None of the 1 tables is included", Assert.Throws<SourceException>(() => Plan("INCLUDING ONLY TABLE NAMES LIKE 'x'", Table("t", Column("a", "int")))).Message);

    [Fact]
    public void The_largest_table_comes_first_and_unknown_ones_before_it()
    {
        var plan = Plan("", Table("small", Column("a", "int")) with { EstimatedRows = 1 }, Table("large", Column("a", "int")) with { EstimatedRows = 10 }, Table("unknown", Column("a", "int")) with { EstimatedRows = null });
        Assert.Equal(["unknown", "large", "small"], plan.Tables.Select(table => table.Source.Name.Name));
    }

    [Fact]
    public void The_plan_of_a_command_reads_as_kept()
    {
        var parent = Table("Parent", Column("Id", "integer") with { IsAutoIncrement = true, DeclaredType = "INTEGER", IsNotNull = true }, Column("When", "datetime") with { Default = new ColumnDefault(DefaultKind.CurrentTimestamp, "") })
            with
        { PrimaryKey = new KeyModel(null, ["Id"]), EstimatedRows = 12 };
        var child = Table("Child", Column("P", "int"), Column("Ratio", "real"), Column("Odd", "")) with { ForeignKeys = [new ForeignKey { Columns = ["P"], References = new("public", "Parent") }], EstimatedRows = 3 };
        var plan = Plan("WITH truncate, batch rows = 1000, batch size = 1 MB CAST column child.p to bigint, type real to \"double precision\" drop typemod BEFORE LOAD DO $$ create schema x; $$ AFTER LOAD DO $$ analyze; $$",
            [parent, child], [new UncarriedObject("view", "v", "views are not translated")]);
        var text = new StringWriter { NewLine = "\n" };
        DatabaseExplain.Write(plan, "/data/x.db", "one point in time", "me@h:1/db", text);
        Cli.Snapshot.Check("database-plan.txt", text.ToString());
    }

    [Fact]
    public void The_plan_as_json_reads_as_kept()
    {
        var parent = Table("Parent", Column("Id", "integer") with { IsAutoIncrement = true, DeclaredType = "INTEGER", IsNotNull = true, Comment = "it's the key" }, Column("v", "text"))
            with
        { PrimaryKey = new KeyModel(null, ["Id"]), EstimatedRows = 12, Comment = "Parents" };
        var child = Table("Child", Column("P", "int")) with { ForeignKeys = [new ForeignKey { Columns = ["P"], References = new("public", "Parent") }], EstimatedRows = null };
        var plan = Plan("WITH batch rows = 1000, batch size = 1 MB, drop schema BEFORE LOAD DO $$ create role x password 'hush' $$ AFTER LOAD DO $$ analyze $$", [parent, child], [new UncarriedObject("view", "v", "views are not translated")]) with
        {
            Drops = [new DroppedObject("table", "public.parent", 5, IsDependent: false), new DroppedObject("view", "public.v", null, IsDependent: true)],
            Missing = ["type x is unknown"],
        };
        var text = new StringWriter { NewLine = "\n" };
        var output = new PlanOutput(text, PlanFormat.Json);
        output.Add(plan, "/data/x.db", "one point in time", "me@h:1/db");
        output.Complete("1.2.3", ExitCode.LoadFailed);
        Assert.DoesNotContain("hush", text.ToString(), StringComparison.Ordinal);
        Cli.Snapshot.Check("database-plan.json", text.ToString());
    }

    [Theory]
    [InlineData("", 2, "2 processors", 1, "tables are copied side by side")]
    [InlineData("WITH workers = 7, concurrency = 3", 7, "workers as written", 3, "concurrency as written")]
    [InlineData("WITH single transaction, workers = 7", 1, "a single transaction has one connection", 1, "a single transaction has one connection")]
    public void What_is_chosen_is_said_with_its_reason(string options, int workers, string why, int writers, string because)
    {
        var plan = Plan(options, Table("t", Column("a", "int")));
        Assert.Equal((workers, why, writers, because), (plan.Workers, plan.WorkersReason, plan.Writers, plan.WritersReason));
    }

    [Fact]
    public void Many_writers_get_batches_that_fit_into_memory_together()
    {
        var plan = Plan("WITH workers = 500, concurrency = 4", Table("t", Column("a", "int")));
        Assert.InRange(plan.BatchBytes, 1, 64 << 10);
        Assert.Equal(1 << 20, Plan("WITH workers = 500, batch size = 1 MB", Table("t", Column("a", "int"))).BatchBytes);
    }

    [Fact]
    public void Comments_follow_the_names_of_the_target()
    {
        var plan = Plan("", Table("T", Column("A", "int") with { Comment = "it's \"a\"" }) with { Comment = "a table" });
        Assert.Equal(["COMMENT ON TABLE \"public\".\"t\" IS 'a table'", "COMMENT ON COLUMN \"public\".\"t\".\"a\" IS 'it''s \"a\"'"], plan.Tables[0].Comments);
    }

    [Fact]
    public void What_stays_behind_is_named_though_another_schema_has_a_table_of_that_name_that_is_left_out()
    {
        var spec = Assert.IsType<DatabaseLoadSpec>(Assert.Single(ValidCommandTests.Reader().ReadText(
            "x.load", "LOAD DATABASE FROM postgresql:///s INTO postgresql:///db INCLUDING ONLY TABLE NAMES MATCHING 't' IN SCHEMA 'a';", "/")));
        TableModel[] tables = [.. new[] { ("a", "t"), ("b", "t"), ("b", "u") }.Select(name => Table(name.Item2, Column("id", "int")) with { Name = new(name.Item1, name.Item2) })];
        var plan = DatabasePlanner.Build(
            spec, new DatabaseCatalog { Tables = [.. tables], Uncarried = [new("default", "a.t.id", "why", "t"), new("default", "b.u.id", "why", "u")] }, SqliteCasts.Rules, Features, processors: 2);
        Assert.Equal("a.t.id", Assert.Single(plan.Uncarried).Name);
    }

    private static DatabasePlan Plan(string clauses, params TableModel[] tables) => Plan(clauses, tables, []);

    private static DatabasePlan Plan(string clauses, TableModel[] tables, UncarriedObject[] uncarried)
    {
        var spec = Assert.IsType<DatabaseLoadSpec>(Assert.Single(ValidCommandTests.Reader().ReadText("x.load", $"LOAD DATABASE FROM 'x.db' INTO postgresql:///db {clauses};", "/")));
        return DatabasePlanner.Build(spec, new DatabaseCatalog { Tables = [.. tables], Uncarried = [.. uncarried] }, SqliteCasts.Rules, Features, processors: 2);
    }

    private static TableModel Table(string name, params ColumnModel[] columns) => new() { Name = new("public", name), Columns = [.. columns] };

    private static ColumnModel Column(string name, string type) => new() { Name = name, TypeName = type, DeclaredType = type };
}
