using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources.Sqlite;
using Sluice.Targets;
using Sluice.Targets.Redshift;
using Sluice.Tests.Commands;

namespace Sluice.Tests.Plans;

/// <summary>Plans for a target without indexes and sequences, whose keys are only declared and whose names have no case.</summary>
public sealed class DatabasePlannerTargetTests
{
    private static readonly TargetFeatures Features = new()
    {
        ServerKind = "Redshift",
        IgnoresCase = true,
        MaxIdentifierBytes = 127,
        Distribution = true,
        LeastTablesTogether = 4,
        Dialect = new RedshiftDialect(numbersColumns: false),
    };

    [Fact]
    public void Names_of_127_bytes_are_kept_and_longer_ones_are_cut_with_a_notice()
    {
        var name = new string('ä', 63) + "x";
        Assert.Equal(name, Plan("", Table(name, Column("a", "int"))).Tables[0].Target.Name);
        var plan = Plan("", Table(name + "y", Column("a", "int")));
        Assert.Equal(name, plan.Tables[0].Target.Name);
        Assert.Contains("has 128 bytes and is cut to", Assert.Single(plan.Notices), StringComparison.Ordinal);
        Assert.Throws<SourceException>(() => Plan("", Table(name + "y", Column("a", "int")), Table(name + "z", Column("a", "int"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("WITH quote identifiers")]
    public void Names_that_differ_in_case_alone_meet(string clauses)
    {
        var fault = Assert.Throws<SourceException>(() => Plan(clauses, Table("Two Words", Column("a b", "int"), Column("A B", "int")), Table("two words", Column("a", "int"))));
        Assert.Equal(
            "Names of the source are the same in the target: columns \"a b\" and \"A B\" of \"Two Words\" would both be \"a b\"; table \"two words\" would be a second public.\"two words\"", fault.Message);
    }

    [Fact]
    public void Quote_identifiers_has_a_notice() => Assert.Equal(
        "quote identifiers does not keep the case of names: Redshift makes them lower-case",
        Assert.Single(Plan("WITH quote identifiers", Table("T", Column("A", "int"))).Notices));

    [Fact]
    public void A_unique_index_becomes_a_key_and_the_others_are_counted()
    {
        var table = Table("t", Column("a", "int") with { IsNotNull = true }, Column("b", "int")) with
        {
            PrimaryKey = new KeyModel(null, ["a"]),
            UniqueKeys = [new KeyModel(null, ["b"])],
            Indexes =
            [
                Index("again", true, "A"), Index("both", true, "b", "a"), Index("plain", false, "b"),
                Index("partial", true, "b") with { Where = new SourceSql("a > 1", null) },
                new TableIndex { Name = "expression", IsUnique = true, Parts = [new IndexPart(null, new SourceSql("lower(b)", null), false)] },
            ],
        };
        var plan = Plan("", table);
        Assert.Equal(["t_pkey", "t_b_key", "both"], plan.Tables[0].Indexes.Select(index => index.Name));
        Assert.All(plan.Tables[0].Indexes, index => Assert.Null(index.Create));
        Assert.All(plan.Tables[0].Indexes, index => Assert.NotNull(index.Check));
        Assert.Contains("3 indexes are not created: Redshift has none; unique ones become keys", plan.Notices);
    }

    [Theory]
    [InlineData("parent (unkeyed)", "p has no key of the columns a")]
    [InlineData("WITH create no indexes", "without create indexes p has no key that it could refer to")]
    public void A_foreign_key_needs_a_key_at_its_other_end(string clauses, string reason)
    {
        var parent = Table("p", Column("a", "int") with { IsNotNull = true });
        parent = clauses.StartsWith("parent", StringComparison.Ordinal) ? parent : parent with { PrimaryKey = new KeyModel(null, ["a"]) };
        var child = Table("c", Column("x", "int")) with { ForeignKeys = [new ForeignKey { Columns = ["x"], References = new("public", "p"), ReferencedColumns = ["a"] }] };
        var plan = Plan(clauses.StartsWith("WITH", StringComparison.Ordinal) ? clauses : "", parent, child);
        Assert.Contains(new UncarriedObject("foreign key", "c.x", reason), plan.Uncarried);
    }

    [Theory]
    [InlineData(0L, true)]
    [InlineData(3L, false)]
    public void A_primary_key_over_NULL_stays_behind(long nulls, bool isThere)
    {
        var table = Table("t", Column("k", "text")) with { PrimaryKey = new KeyModel(null, ["k"]) };
        var plan = Plan("", [table], new ColumnMeasure { Column = "k", Nulls = nulls, Values = 1, MaxBytes = 1 });
        Assert.Equal(isThere, plan.Tables[0].Indexes.Length == 1);
        Assert.Equal(isThere ? [] : [new UncarriedObject("primary key", "t", "its column k holds NULL in 3 rows", "t")], plan.Uncarried);
    }

    [Fact]
    public void A_primary_key_of_which_nothing_is_known_stays_behind() => Assert.Equal(
        "its column k may hold NULL", Assert.Single(Plan("", Table("t", Column("k", "text")) with { PrimaryKey = new KeyModel(null, ["k"]) }).Uncarried).Reason);

    [Fact]
    public void Only_columns_that_need_it_are_measured_and_only_of_tables_that_are_loaded()
    {
        var table = Table("t", Column("id", "integer"), Column("k", "int") with { IsNotNull = true }, Column("n", "int"), Column("s", "text")) with { PrimaryKey = new KeyModel(null, ["id", "k"]) };
        var spec = Spec("EXCLUDING TABLE NAMES LIKE 'x%' CAST column u.s to \"varchar(max)\"");
        var catalog = new DatabaseCatalog { Tables = [table, Table("x", Column("s", "text")), Table("u", Column("s", "text"))] };
        var wanted = Assert.Single(DatabasePlanner.ToMeasure(spec, catalog, SqliteCasts.Rules, Features));
        Assert.Equal(("t", "id,s"), (wanted.Table.Name.Name, string.Join(',', wanted.Columns)));
        Assert.Empty(DatabasePlanner.ToMeasure(spec, catalog, SqliteCasts.Rules, new TargetFeatures { ServerKind = "PostgreSQL" }));
    }

    [Fact]
    public void Distribution_is_refused_where_there_is_none() => Assert.Equal(
        "DISTRIBUTE is of no use here: PostgreSQL does not spread tables over a cluster",
        Assert.Throws<SourceException>(() => DatabasePlanner.Build(
            Spec("DISTRIBUTE t USING a"), new DatabaseCatalog { Tables = [Table("t", Column("a", "int"))] }, SqliteCasts.Rules, new TargetFeatures { ServerKind = "PostgreSQL" }, 2)).Message);

    [Fact]
    public void The_way_of_a_distribution_has_no_effect() => Assert.Equal(
        "FROM has no effect in DISTRIBUTE public.t: the column has to be in the table",
        Assert.Single(Plan("DISTRIBUTE t USING a FROM u", Table("t", Column("a", "int")), Table("u", Column("a", "int"))).Notices));

    [Theory]
    [InlineData("", 2, 4)]
    [InlineData("", 16, 4)]
    [InlineData("WITH workers = 2", 16, 2)]
    public void Four_tables_are_loaded_side_by_side_unless_told_otherwise(string clauses, int processors, int expected) =>
        Assert.Equal(expected, DatabasePlan.ChooseWorkers(Spec(clauses).Options, Features, processors).Workers);

    [Fact]
    public void The_plan_of_a_command_reads_as_kept()
    {
        var parent = Table("Parent", Column("Id", "integer") with { IsAutoIncrement = true, DeclaredType = "INTEGER", IsNotNull = true },
            Column("When", "datetime") with { Default = new ColumnDefault(DefaultKind.CurrentTimestamp, "") },
            Column("Note", "text") with { Default = new ColumnDefault(DefaultKind.CurrentTimestamp, "") }) with
        { PrimaryKey = new KeyModel(null, ["Id"]), EstimatedRows = 12 };
        var child = Table("Child", Column("P", "int"), Column("Raw", "blob"), Column("N", "numeric")) with
        {
            ForeignKeys = [new ForeignKey { Columns = ["P"], References = new("public", "Parent"), OnDelete = ForeignKeyAction.Cascade }],
            Indexes = [Index("ix", false, "P")],
            EstimatedRows = 3,
        };
        var plan = Plan(
            "WITH truncate, batch rows = 1000, batch size = 1 MB DISTRIBUTE child USING p DISTRIBUTE parent AS REFERENCE TABLE ALTER TABLE NAMES MATCHING 'Child' SET TABLESPACE 'fast'",
            [parent, child],
            new ColumnMeasure { Column = "Note", Values = 5, MaxBytes = 100 },
            new ColumnMeasure { Column = "Raw", Values = 5, MaxBytes = 100, Empty = 2 },
            new ColumnMeasure { Column = "N", Values = 5, MaxBytes = 9, IntegerDigits = 4, Scale = 2 }) with
        { Travels = ["one COPY for each table"] };
        var text = new StringWriter { NewLine = "\n" };
        DatabaseExplain.Write(plan, "/data/x.db", "one point in time", "me@h:1/db", text);
        Cli.Snapshot.Check("database-plan-redshift.txt", text.ToString());
    }

    [Theory]
    [InlineData("Redshift", "varchar(20)", "super ENCODE zstd", true)]
    [InlineData("Another", "varchar(80)", "super", true)]
    public void A_source_of_the_targets_kind_keeps_its_types_and_encodings(string kind, string text, string document, bool isSorted)
    {
        var plan = Plan(kind, Features with { Layouts = true });
        Assert.Contains($"\"v\" {text}", plan.Tables[0].Create[^1], StringComparison.Ordinal);
        Assert.Contains($"\"s\" {document}", plan.Tables[0].Create[^1], StringComparison.Ordinal);
        Assert.Equal(isSorted, plan.Tables[0].Create[^1].EndsWith("\nDISTSTYLE KEY DISTKEY (\"v\")\nSORTKEY (\"v\", \"s\")", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Notices, notice => notice.Contains("sorted by", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v;s", null, "t is sorted by v, s at its source: an index of these columns may serve its queries")]
    [InlineData("", "v", "t is spread by v at its source: an index of these columns may serve its queries")]
    [InlineData("k", null, null)]
    [InlineData("", null, null)]
    public void A_target_without_layouts_is_suggested_an_index(string sorted, string? key, string? notice)
    {
        var plan = Plan("Another", Features, new TableLayout
        {
            SortKey = [.. sorted.Split(';', StringSplitOptions.RemoveEmptyEntries)],
            Distribution = key is null ? RowDistribution.Auto : RowDistribution.Key,
            DistributionKey = key,
        });
        Assert.Equal(notice, plan.Notices.SingleOrDefault(said => said.Contains("at its source", StringComparison.Ordinal)));
        Assert.DoesNotContain("SORTKEY", plan.Tables[0].Create[^1], StringComparison.Ordinal);
    }

    private static DatabasePlan Plan(string kind, TargetFeatures features, TableLayout? layout = null) => DatabasePlanner.Build(
        Spec(""),
        new DatabaseCatalog
        {
            ServerKind = kind,
            Tables =
            [
                new TableModel
                {
                    Name = new("public", "t"),
                    Columns =
                    [
                        new ColumnModel { Name = "k", TypeName = "integer", DeclaredType = "integer", IsNotNull = true },
                        new ColumnModel { Name = "v", TypeName = "varchar", DeclaredType = "varchar(20)", Precision = 20 },
                        new ColumnModel { Name = "s", TypeName = "super", DeclaredType = "super", Compression = "zstd" },
                    ],
                    PrimaryKey = new KeyModel("t_pkey", ["k"]),
                    Layout = layout ?? new TableLayout { Distribution = RowDistribution.Key, DistributionKey = "v", SortKey = ["v", "s"] },
                },
            ],
        },
        Sluice.Sources.Redshift.RedshiftCasts.Rules, features, processors: 2);

    private static DatabasePlan Plan(string clauses, params TableModel[] tables) => Plan(clauses, tables, []);

    private static DatabasePlan Plan(string clauses, TableModel[] tables, params ColumnMeasure[] measures) => DatabasePlanner.Build(
        Spec(clauses), new DatabaseCatalog { Tables = [.. tables] }, SqliteCasts.Rules, Features, processors: 2,
        measures.Length == 0 ? null : new SourceMeasures(tables.ToDictionary(table => table.Name, _ => measures.ToImmutableArray())));

    private static DatabaseLoadSpec Spec(string clauses) =>
        Assert.IsType<DatabaseLoadSpec>(Assert.Single(ValidCommandTests.Reader().ReadText("x.load", $"LOAD DATABASE FROM 'x.db' INTO postgresql:///db {clauses};", "/")));

    private static TableModel Table(string name, params ColumnModel[] columns) => new() { Name = new("public", name), Columns = [.. columns] };

    private static ColumnModel Column(string name, string type) => new() { Name = name, TypeName = type, DeclaredType = type };

    private static TableIndex Index(string name, bool isUnique, params string[] columns) =>
        new() { Name = name, IsUnique = isUnique, Parts = [.. columns.Select(column => new IndexPart(column, null, false))] };
}
