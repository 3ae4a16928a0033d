using System.Globalization;
using System.Text;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>A whole database, eight tables with indexes and foreign keys, into another of the same server: Sluice against pg_dump and pg_restore, both ways, and pgloader.</summary>
public sealed class PostgresDatabases(BenchOptions options, Connection connection)
{
    private const string Source = "bench_shop";
    private const string Target = "bench_shop_copy";

    // What a sale and all that hangs on it takes in the tables, without indexes.
    private const long BytesOfSale = 1020;

    // Rows of each table for each sale; in an order in which they can be made.
    private static readonly string[] Tables =
    [
        """
        create table customer as select i::bigint as id, 'customer ' || i as name, 'c' || i || '@example.com' as email,
            timestamptz '2020-01-01 00:00:00+00' + i * interval '17 seconds' as created, (i % 90)::smallint as region from generate_series(1::bigint, {0} / 2) i
        """,
        """
        create table product as select i::int as id, 'SKU-' || lpad(i::text, 10, '0') as sku, 'product number ' || i as title, (i % 100000 / 100.0)::numeric(10,2) as price,
            jsonb_build_object('colour', (array['red', 'green', 'blue'])[(1 + i % 3)::int], 'weight', i % 1000, 'tags', jsonb_build_array('a' || i % 7, 'b' || i % 11)) as attributes
        from generate_series(1::bigint, {0} / 10) i
        """,
        """
        create table sale as select i::bigint as id, (1 + (i * 7919) % ({0} / 2))::bigint as customer_id, timestamptz '2021-01-01 00:00:00+00' + i * interval '11 seconds' as placed,
            (array['new', 'paid', 'sent', 'returned'])[(1 + i % 4)::int] as state, (i % 1000000 / 100.0)::numeric(12,2) as total from generate_series(1::bigint, {0}) i
        """,
        """
        create table sale_line as select i::bigint as sale_id, n::int as line, (1 + (i * 31 + n * 101) % ({0} / 10))::int as product_id, (1 + i % 5)::int as quantity,
            ((i + n) % 50000 / 100.0)::numeric(10,2) as price from generate_series(1::bigint, {0}) i, generate_series(1, 3) n
        """,
        """
        create table payment as select i::bigint as id, i::bigint as sale_id, (i % 1000000 / 100.0)::numeric(12,2) as amount,
            timestamptz '2021-01-02 00:00:00+00' + i * interval '11 seconds' as paid, md5(i::text)::uuid as reference from generate_series(1::bigint, {0}) i
        """,
        """
        create table shipment as select i::bigint as id, (1 + (i * 13) % {0})::bigint as sale_id, i % 9000 || ' Long Street, ' || (10000 + i % 89999) || ' Town ' || i % 300 as address,
            date '2021-01-03' + (i % 1000)::int as sent from generate_series(1::bigint, {0}) i
        """,
        """
        create table review as select i::bigint as id, (1 + (i * 17) % ({0} / 10))::int as product_id, (1 + (i * 7) % ({0} / 2))::bigint as customer_id, (1 + i % 5)::smallint as stars,
            'review ' || i || E': it does\twhat "it" should, ' || repeat('and more of it ', (4 + i % 9)::int) as body from generate_series(1::bigint, {0} / 2) i
        """,
        """
        create table event as select i::bigint as id, (1 + (i * 3) % ({0} / 2))::bigint as customer_id, timestamptz '2022-01-01 00:00:00+00' + i * interval '1.25 seconds' as at,
            (array['view', 'search', 'click', 'basket', 'leave'])[(1 + i % 5)::int] as kind,
            case when i % 8 <> 0 then jsonb_build_object('page', '/p/' || i % 5000, 'ms', i % 3000, 'agent', 'browser/' || i % 40) end as payload from generate_series(1::bigint, {0} * 2) i
        """,
    ];

    private static readonly string[] Keys =
    [
        "alter table customer add primary key (id), alter name set not null, alter email set not null, add unique (email)",
        "alter table product add primary key (id), alter title set not null, add unique (sku)",
        "alter table sale add primary key (id), alter customer_id set not null, alter state set default 'new', add check (total >= 0)",
        "create index on sale (customer_id)",
        "create index on sale (placed)",
        "alter table sale_line add primary key (sale_id, line)",
        "create index on sale_line (product_id)",
        "alter table payment add primary key (id), add unique (reference)",
        "create index on payment (sale_id)",
        "alter table shipment add primary key (id)",
        "create index on shipment (sale_id)",
        "alter table review add primary key (id), add check (stars between 1 and 5)",
        "create index on review (product_id)",
        "create index on review (customer_id)",
        "alter table event add primary key (id)",
        "create index on event (customer_id, at)",
        "create index on event (kind)",
        "alter table sale add foreign key (customer_id) references customer",
        "alter table sale_line add foreign key (sale_id) references sale on delete cascade, add foreign key (product_id) references product",
        "alter table payment add foreign key (sale_id) references sale",
        "alter table shipment add foreign key (sale_id) references sale",
        "alter table review add foreign key (product_id) references product, add foreign key (customer_id) references customer",
        "alter table event add foreign key (customer_id) references customer",
    ];

    private readonly ProgramRunner _runner = new(options.ServerProcess == 0 ? null : options.ServerProcess);

    /// <summary>Returns the exit code: 1 when what we loaded was not what it should be.</summary>
    public async Task<int> RunAsync()
    {
        var bytes = BenchOptions.ParseSize(Environment.GetEnvironmentVariable("DATABASE_SIZE") is { Length: > 0 } size ? size : "2GB");
        var source = connection with { Database = Source };
        await connection.ExecuteAsync($"create database {Source}");
        foreach (var statement in Tables)
        {
            await source.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, statement, bytes / BytesOfSale));
        }

        foreach (var statement in Keys)
        {
            await source.ExecuteAsync(statement);
        }

        await source.ExecuteAsync("vacuum analyze");
        var held = await source.QueryAsync("select pg_size_pretty(sum(pg_table_size(oid))), pg_size_pretty(sum(pg_indexes_size(oid))), sum(reltuples)::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
        Console.Error.WriteLine($"database: {held[1][0]} in tables, {held[1][1]} in indexes");
        var reference = await DigestAsync(source);
        var ways = Ways();
        var rounds = ways.ToDictionary(way => way.Name, _ => new List<Measurement>());
        var wrong = new Dictionary<string, string>();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < ways.Count; turn++)
            {
                var way = ways[(turn + round) % ways.Count];
                if (way.Name == "pgloader" && round >= options.PgloaderRounds)
                {
                    continue;
                }

                await connection.ExecuteAsync($"drop database if exists {Target}");
                await connection.ExecuteAsync($"create database {Target}");
                await connection.ExecuteAsync("checkpoint");
                var measured = await _runner.RunAsync(way.Program, way.Arguments, options.Folder);
                var found = await DigestAsync(connection with { Database = Target });
                Console.Error.WriteLine($"  round {round + 1} {way.Name}: {measured.Wall:0.00} s{(found == reference ? "" : "  DIFFERS")}");
                rounds[way.Name].Add(measured);
                if (found != reference)
                {
                    wrong[way.Name] = Difference(reference, found) + (measured.ExitCode == 0 ? "" : $", exit code {measured.ExitCode}");
                    Console.Error.WriteLine($"    {wrong[way.Name]}\n{measured.Output[..Math.Min(1500, measured.Output.Length)]}");
                }
            }
        }

        await connection.ExecuteAsync($"drop database {Target}");
        await connection.ExecuteAsync($"drop database {Source}");
        var results = ways.Where(way => rounds[way.Name].Count > 0).Select(way => new SeriesResult
        {
            Set = "database",
            Loader = way.Name,
            Rows = long.Parse(held[1][2], CultureInfo.InvariantCulture),
            Bytes = bytes,
            Rounds = rounds[way.Name],
            IsVerified = !wrong.ContainsKey(way.Name),
            Command = way.Shown,
        }).ToList();
        var text = Page(results, held[1], wrong);
        Console.WriteLine(text);
        var versions = new List<(string, string)>
        {
            ("server", (await connection.QueryAsync("select split_part(version(), ' on ', 1)"))[1][0] + ", default settings, both databases, on the same machine, over TCP"),
            (".NET", Environment.Version.ToString()),
            ("processors", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {Programs.ProcessorModel()}")),
        };
        var data = results.Select(one => new { one.Loader, one.Rows, one.Bytes, one.Wall, one.ClientCpu, one.ServerCpu, one.PeakBytes, one.IsVerified, one.Command });
        Console.WriteLine("Kept in " + new Report(options.Results, "postgres-database-" + bytes / 1_000_000 + "MB", versions).Write(text, data));
        return results.First(one => one.Loader == "sluice").IsVerified ? 0 : 1;
    }

    private List<Way> Ways()
    {
        var ways = new List<Way>
        {
            new("sluice", Path.GetFullPath(options.Sluice), ["--root-dir", Path.Combine(options.Folder, "rejects"), $"postgresql:///{Source}", $"postgresql:///{Target}"], "sluice postgresql:///a postgresql:///b"),
        };
        if (Programs.Find("pg_dump") is not null && Programs.Find("pg_restore") is not null)
        {
            var file = Path.Combine(options.Folder, "shop.dump");
            ways.Add(new Way("pg_dump, pipe", "bash", ["-c", $"set -o pipefail; pg_dump -Fc -Z0 {Source} | pg_restore -d {Target}"], "pg_dump -Fc -Z0 | pg_restore"));
            ways.Add(new Way("pg_dump, file", "bash", ["-c", $"pg_dump -Fc -Z0 -f '{file}' {Source} && pg_restore -j2 -d {Target} '{file}'; code=$?; rm -f '{file}'; exit $code"], "pg_dump -Fc -Z0 -f FILE && pg_restore -j2 FILE"));
        }

        if (options.PgloaderRounds > 0 && Programs.Find("pgloader") is { } pgloader)
        {
            var server = $"postgresql://{connection.User}:{connection.Password}@{connection.Host}:{connection.Port}";
            var command = Path.Combine(options.Folder, "shop.load");
            File.WriteAllText(command, $"LOAD DATABASE FROM {server}/{Source} INTO {server}/{Target} WITH prefetch rows = 10000;\n");
            ways.Add(new Way("pgloader", pgloader, [command], "LOAD DATABASE FROM … INTO … WITH prefetch rows = 10000"));
        }

        return ways;
    }

    // One line a table: rows and the sum of their hashes; one for what stands around them.
    private static async Task<string> DigestAsync(Connection database)
    {
        var tables = (await database.QueryAsync("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1")).Skip(1).Select(row => row[0]).ToArray();
        var lines = new List<string>();
        foreach (var table in tables)
        {
            lines.Add($"{table}: " + (await database.QueryAsync($"select count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from public.{table} t"))[1][0]);
        }

        var around = await database.QueryAsync(
            """
            select (select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace and i.indisvalid) || ' indexes, '
                || (select count(*) from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f' and convalidated) || ' foreign keys, '
                || (select count(*) from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u')) || ' keys'
            """);
        lines.Add(around[1][0]);
        return string.Join('\n', lines);
    }

    private static string Difference(string reference, string found)
    {
        var wanted = reference.Split('\n');
        return string.Join("; ", found.Split('\n').Where(line => !wanted.Contains(line)).DefaultIfEmpty("tables are missing"));
    }

    private string Page(List<SeriesResult> results, string[] held, Dictionary<string, string> wrong)
    {
        var ours = results.First(one => one.Loader == "sluice");
        var page = new StringBuilder("| way | s | × sluice | client CPU s | server CPU s | peak MB | same tables, rows, indexes and keys |\n|---|--:|--:|--:|--:|--:|---|\n");
        foreach (var one in results)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Loader} | {one.Wall:0.00} | {one.Wall / ours.Wall:0.00} | {one.ClientCpu:0.00} | {one.ServerCpu:0.00} | {one.PeakBytes / 1e6:0} | {(one.IsVerified ? "yes" : "**no**: " + wrong[one.Loader])} |\n");
        }

        return page.Append(
            CultureInfo.InvariantCulture,
            $"\n{results[0].Rows:N0} rows in eight tables: {held[0]} without indexes, and {held[1]} of indexes: 8 primary keys, 3 unique ones, 9 more indexes, 8 foreign keys. From the start to the last "
            + $"foreign key. Median of {options.Rounds} rounds, in turn (pgloader: {options.PgloaderRounds}). Peak: of the program itself, for pipes of the shell.\n\n").AppendJoin(
            "\n", results.Select(one => $"- {one.Loader}: `{one.Command}`")).Append('\n').ToString();
    }

    private sealed record Way(string Name, string Program, IReadOnlyList<string> Arguments, string Shown);
}
