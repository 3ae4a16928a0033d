using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.ServerTests.Targets;

/// <content>Each feature is used where it is declared, and tried in vain where it is not.</content>
public abstract partial class TargetConformance
{
    /// <summary>Every feature that is there or not; a new one fails until it has a probe.</summary>
    public static TheoryData<string> Features =>
        [.. typeof(TargetFeatures).GetProperties().Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Features))]
    public async Task A_feature_is_declared_where_it_can_be_used(string feature)
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var isThere = feature switch
        {
            nameof(TargetFeatures.Binary) => await TakesBinaryAsync(site, target),
            nameof(TargetFeatures.ClientCopy) => await site.TakesCopyAsync("1\tx\n", Ct),
            nameof(TargetFeatures.Indexes) => await HasIndexesAsync(site, target),
            nameof(TargetFeatures.Triggers) => await HasTriggersAsync(site, target),
            nameof(TargetFeatures.TransactionalTruncate) => await UndoesTruncateAsync(site),
            nameof(TargetFeatures.BatchesAreFinal) => await KeepsBatchesAsync(site, target),
            nameof(TargetFeatures.ExactSchemas) => await HasExactSchemasAsync(site),
            nameof(TargetFeatures.EnforcedKeys) => await EnforcesKeysAsync(site),
            nameof(TargetFeatures.IgnoresCase) => await IgnoresCaseAsync(site, target),
            nameof(TargetFeatures.Storage) => await site.TakesAsync($"CREATE TABLE {site.Table}_2 (id integer) WITH (fillfactor = 50)", Ct),
            nameof(TargetFeatures.Sequences) => await DrawsNumbersAsync(site, target),
            nameof(TargetFeatures.Distribution) => await DistributesAsync(site, target),
            nameof(TargetFeatures.DistributionInKeys) => await WantsColumnInKeysAsync(site, target),
            nameof(TargetFeatures.GeneratedColumns) =>
                await site.TakesAsync($"CREATE TABLE {site.Table}_2 (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED)", Ct),
            nameof(TargetFeatures.Layouts) => await site.TakesAsync($"CREATE TABLE {site.Table}_2 (id integer ENCODE zstd) DISTKEY (id) SORTKEY (id)", Ct),
            _ => throw new InvalidOperationException($"Nothing probes {feature}."),
        };
        Assert.Equal((bool)typeof(TargetFeatures).GetProperty(feature)!.GetValue(target.Features)!, isThere);
    }

    [Fact]
    public async Task Names_are_as_long_as_declared_and_no_longer()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var most = Math.Min(target.Features.MaxIdentifierBytes, site.MostNameBytes);
        var longest = site.Table.PadRight(most, 'n');
        Assert.True(await site.TakesAsync($"CREATE TABLE {longest} ({longest} integer)", Ct));
        Assert.Equal(longest, Assert.Single((await target.ReadTableAsync(new QualifiedName("public", longest), Ct)).Columns).Name);
        await site.ExecuteAsync($"DROP TABLE {longest}", Ct);

        // A longer one is refused or cut.
        await site.TakesAsync($"CREATE TABLE {longest}o (id integer)", Ct);
        Assert.DoesNotContain(longest + "o", await site.QueryAsync($"SELECT relname FROM pg_class WHERE relname LIKE '{site.Table}%'", Ct));
    }

    [Fact]
    public async Task A_table_has_as_many_columns_as_declared_and_no_more()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var columns = Enumerable.Range(0, target.Features.MaxColumns).Select(i => $"c{i} smallint").ToArray();
        Assert.False(await site.TakesAsync($"CREATE TABLE {site.Table}_2 ({string.Join(", ", columns)}, one_more smallint)", Ct));
        Assert.True(await site.TakesAsync($"CREATE TABLE {site.Table}_2 ({string.Join(", ", columns)})", Ct));
        Assert.Equal(columns.Length, (await target.ReadTableAsync(new QualifiedName("public", site.Table + "_2"), Ct)).LoadableColumns.Count());
    }

    [Fact]
    public async Task Columns_of_the_system_are_no_names_for_others()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        Assert.NotEmpty(target.Features.SystemColumns);
        foreach (var name in target.Features.SystemColumns)
        {
            Assert.False(await site.TakesAsync($"CREATE TABLE {site.Table}_2 ({name} integer)", Ct), name);
        }

        Assert.True(await site.TakesAsync($"CREATE TABLE {site.Table}_2 (xmiin integer)", Ct));
    }

    [Fact]
    public async Task Tables_with_the_declared_prefix_are_temporary()
    {
        const char Usual = '#';
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var name = (target.Features.TemporaryPrefix ?? Usual) + site.Table;
        await site.ExecuteAsync($"CREATE TABLE \"{name}\" (id integer)", Ct);
        Assert.Equal(target.Features.TemporaryPrefix is null, await site.TakesAsync($"INSERT INTO \"{name}\" VALUES (1)", Ct));
    }

    [Fact]
    public async Task The_dialects_statements_are_taken_and_do_what_they_say()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        var dialect = target.Features.Dialect;
        var schema = site.Table + "_schema";
        var (parent, child) = (new QualifiedName(schema, "parent"), new QualifiedName(schema, "child"));
        var key = new ForeignKey { Columns = ["id"], References = parent, ReferencedColumns = ["id"] };
        await RunAsync(dialect.CreateSchema(schema), dialect.CreateTable(Table(parent)), dialect.CreateTable(Table(child)));
        Assert.Contains(await QueryAsync(dialect.SchemaNames), row => row[0] == schema);
        Assert.Equal(2, (await QueryAsync(dialect.TableNames)).Count(row => row[0] == schema));
        await RunAsync($"INSERT INTO {schema}.parent (id) VALUES (1), (1), (2)", $"INSERT INTO {schema}.child (id) VALUES (1), (3)");
        Assert.Equal(["x", "x", "x"], (await QueryAsync($"SELECT note FROM {schema}.parent")).Select(row => row[0]));

        // Keys that do not hold are refused, or found out.
        var primary = dialect.Key(parent, "parent_pkey", ["id"], isPrimary: true);
        string[] create = primary.CreateIndex is { } index ? [index, primary.Add] : [primary.Add];
        if (primary.FindDuplicates is { } duplicates)
        {
            Assert.Equal("1", Assert.Single(await QueryAsync(duplicates))[0]);
        }
        else
        {
            await Assert.ThrowsAsync<TargetException>(() => RunAsync(create));
        }

        await RunAsync($"DELETE FROM {schema}.parent WHERE id = 1", $"INSERT INTO {schema}.parent VALUES (1, 'y')");
        await RunAsync(create);
        Assert.Equal(["1", "3"], Assert.Single(await QueryAsync(dialect.FindOrphans(child, key, most: 5))));
        await RunAsync($"DELETE FROM {schema}.child WHERE id = 3");
        Assert.Empty(await QueryAsync(dialect.FindOrphans(child, key, most: 5)));
        await RunAsync(dialect.AddForeignKey(child, "child_parent", key));
        await RunAsync(dialect.ValidateKey(child, "child_parent") is { } validate ? [validate] : []);
        string[] comments = [$"a \\ {site.Table}", $"it's {site.Table}"];
        await RunAsync(dialect.CommentOnColumn(child, "id", comments[0]), dialect.CommentOnTable(child, comments[1]));
        Assert.Equal(comments, (await QueryAsync($"SELECT description FROM pg_description WHERE description LIKE '% {site.Table}'")).Select(row => row[0]).Order(StringComparer.Ordinal));
        await RunAsync(target.Features.ExactSchemas ? [dialect.CommentOnKey(child, "child_parent", "c")] : []);
        await RunAsync(dialect.DropKey(child, "child_parent"));
        await RunAsync(dialect.Empty(child));
        Assert.Empty(await QueryAsync($"SELECT id FROM {schema}.child"));
        await target.ExecuteEachAsync("step", dialect.Truncate([parent, child]), apart: false, Ct);
        Assert.Empty(await QueryAsync($"SELECT id FROM {schema}.parent"));
        await RunAsync(dialect.DropTable(parent));
        Assert.Equal("child", Assert.Single(await QueryAsync(dialect.TableNames), row => row[0] == schema)[1]);
        await RunAsync(dialect.DropSchema(schema));
        Assert.DoesNotContain(await QueryAsync(dialect.SchemaNames), row => row[0] == schema);

        Task RunAsync(params string[] statements) => target.ExecuteAsync(SqlStep.Of("step", statements), Ct);
        Task<IReadOnlyList<System.Collections.Immutable.ImmutableArray<string?>>> QueryAsync(string sql) => target.QueryAsync("query", sql, Ct);
    }

    [Fact]
    public async Task Rows_that_the_server_keeps_out_are_counted_when_asked()
    {
        await using var site = await OpenAsync(Columns);
        await using var target = await site.ConnectAsync(Ct);
        if (target.Features.Triggers)
        {
            await CreateTriggerAsync(site);
        }

        var table = await target.ReadTableAsync(Name(site), Ct);
        await using var load = await target.OpenTableAsync(
            new TableLoadSettings { Table = table, Columns = ["id", "note"], CountRowsOf = target.Features.Triggers ? table.Oid : null }, Ct);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("1\tx\n2\ty\n3\tz\n"), Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        Assert.Equal(target.Features.Triggers ? 2 : null, loader.InsertedRows);
        await CompleteAsync(load);
        Assert.Equal(target.Features.Triggers ? ["1", "3"] : ["1", "2", "3"], await site.RowsAsync("id", Ct));
    }

    private static NewTable Table(QualifiedName name, TableDistribution? distribution = null) => new()
    {
        Name = name,
        Columns =
        [
            ("id", new TargetColumn { Type = "integer", IsNotNull = true }),
            ("note", new TargetColumn { Type = "varchar(60)", IsNotNull = false, Default = "'x'" }),
        ],
        Distribution = distribution,
    };

    private static Task CreateTriggerAsync(TargetSite site) => site.ExecuteAsync(
        $"""
        CREATE FUNCTION {site.Table}_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 2 THEN RETURN NULL; END IF; RETURN new; END $$;
        CREATE TRIGGER {site.Table}_t BEFORE INSERT ON {site.Table} FOR EACH ROW EXECUTE PROCEDURE {site.Table}_f()
        """, Ct);

    private static async Task<bool> TakesBinaryAsync(TargetSite site, ITarget target)
    {
        await using var load = await LoadAsync(site, target);
        try
        {
            await using var loader = load.OpenLoader(0);
            await loader.BeginAsync(Ct);
            await loader.CopyAsync(await EncodedRows.OfAsync("7\tx\n8\t\\N\n", isBinary: true, Ct), Ct);
            await loader.CommitAsync(beginNext: false, Ct);
        }
        catch (RowsRefusedException)
        {
            return false;
        }

        await CompleteAsync(load);
        Assert.Equal(["7|x", "8|<null>"], await site.RowsAsync("id, note", Ct));
        return true;
    }

    private static async Task<bool> HasIndexesAsync(TargetSite site, ITarget target)
    {
        var isTaken = await site.TakesAsync($"CREATE INDEX {site.Table}_i ON {site.Table} (note)", Ct);
        Assert.Equal(isTaken, !(await target.ReadTableAsync(Name(site), Ct)).Indexes.IsEmpty);
        return isTaken;
    }

    private static async Task<bool> HasTriggersAsync(TargetSite site, ITarget target)
    {
        try
        {
            await CreateTriggerAsync(site);
        }
        catch (Npgsql.PostgresException)
        {
            return false;
        }

        var quiet = await target.DisableTriggersSqlAsync(Ct);
        var table = await target.ReadTableAsync(Name(site), Ct);
        await using var load = await target.OpenTableAsync(new TableLoadSettings { Table = table, Columns = ["id", "note"], TransactionSql = quiet }, Ct);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("2\tx\n"), Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        await CompleteAsync(load);
        return (await site.RowsAsync("id", Ct)).Count == 1;
    }

    private static async Task<bool> UndoesTruncateAsync(TargetSite site)
    {
        await site.ExecuteAsync(Insert(site, 1), Ct);
        await using (var target = await site.ConnectAsync(Ct))
        {
            await target.BeginSingleTransactionAsync(Ct);
            await target.ExecuteAsync(SqlStep.Of("Truncate", [$"TRUNCATE {site.Table}"]), Ct);
        }

        return (await site.RowsAsync("id", Ct)).Count == 1;
    }

    private static async Task<bool> KeepsBatchesAsync(TargetSite site, ITarget target)
    {
        await using var load = await LoadAsync(site, target);
        await using var loader = load.OpenLoader(0);
        await loader.BeginAsync(Ct);
        await loader.CopyAsync(await TextAsync("1\tx\n"), Ct);
        await loader.CommitAsync(beginNext: false, Ct);
        return (await site.RowsAsync("id", Ct)).Count == 1;
    }

    private static async Task<bool> HasExactSchemasAsync(TargetSite site)
    {
        string[] statements =
        [
            $"CREATE TYPE {site.Table}_e AS ENUM ('a')",
            $"CREATE DOMAIN {site.Table}_d AS integer CHECK (value > 0)",
            $"CREATE TABLE {site.Table}_p (id integer) PARTITION BY RANGE (id)",
            $"CREATE TABLE {site.Table}_c (id integer GENERATED BY DEFAULT AS IDENTITY, r int4range, CHECK (id > 0), EXCLUDE USING gist (r WITH &&))",
        ];
        var taken = 0;
        foreach (var statement in statements)
        {
            taken += await site.TakesAsync(statement, Ct) ? 1 : 0;
        }

        return taken == statements.Length;
    }

    private static async Task<bool> EnforcesKeysAsync(TargetSite site)
    {
        await site.ExecuteAsync($"CREATE TABLE {site.Table}_2 (id integer NOT NULL PRIMARY KEY); INSERT INTO {site.Table}_2 VALUES (1)", Ct);
        return !await site.TakesAsync($"INSERT INTO {site.Table}_2 VALUES (1)", Ct);
    }

    private static async Task<bool> IgnoresCaseAsync(TargetSite site, ITarget target)
    {
        await site.ExecuteAsync($"CREATE TABLE {site.Table}_2 (\"MixedCase\" integer)", Ct);
        return Assert.Single((await target.ReadTableAsync(new QualifiedName("public", site.Table + "_2"), Ct)).Columns).Name switch
        {
            "mixedcase" => true,
            "MixedCase" => false,
            var other => throw new InvalidOperationException(other),
        };
    }

    private static async Task<bool> DrawsNumbersAsync(TargetSite site, ITarget target)
    {
        var name = new QualifiedName("public", site.Table + "_2");
        if (!await site.TakesAsync($"CREATE TABLE {name.Name} (id serial, note varchar(60))", Ct) || target.Features.Dialect.ResetSequence(name, "id") is not { } reset)
        {
            return false;
        }

        await site.ExecuteAsync($"INSERT INTO {name.Name} VALUES (41, 'x')", Ct);
        await target.ExecuteAsync(SqlStep.Of("Reset Sequences", [reset]), Ct);
        await site.ExecuteAsync($"INSERT INTO {name.Name} (note) VALUES ('y')", Ct);
        return (await site.QueryAsync($"SELECT max(id) FROM {name.Name}", Ct))[0] == "42";
    }

    // The catalog's code for a table that is spread by a column: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html.
    private static async Task<bool> DistributesAsync(TargetSite site, ITarget target)
    {
        var name = await CreateDistributedAsync(site, target);
        var catalog = $"SELECT reldiststyle FROM pg_class_info WHERE relname = '{name.Name}'";
        return await site.TakesAsync(catalog, Ct) && (await site.QueryAsync(catalog, Ct))[0] == "1";
    }

    private static async Task<bool> WantsColumnInKeysAsync(TargetSite site, ITarget target)
    {
        var name = await CreateDistributedAsync(site, target);
        var key = target.Features.Dialect.Key(name, name.Name + "_key", ["note"], isPrimary: false);
        return !await site.TakesAsync((key.CreateIndex is null ? "" : key.CreateIndex + "; ") + key.Add, Ct);
    }

    private static async Task<QualifiedName> CreateDistributedAsync(TargetSite site, ITarget target)
    {
        var (name, distribution, dialect) = (new QualifiedName("public", site.Table + "_2"), new TableDistribution("id"), target.Features.Dialect);
        string[] create = [dialect.CreateTable(Table(name, distribution))];
        await target.ExecuteAsync(SqlStep.Of("Create Tables", dialect.Distribute(name, distribution) is { } distribute ? [.. create, distribute] : create), Ct);
        return name;
    }
}
