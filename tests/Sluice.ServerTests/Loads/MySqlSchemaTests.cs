using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>What becomes of keys, indexes, checks, computed columns, defaults, comments and of what stays behind.</summary>
public sealed class MySqlSchemaTests(PostgresServer server, MySqlServer mysql)
{
    private const string Shop =
        """
        CREATE TABLE Customer (Id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'a number', Email VARCHAR(100) NOT NULL COMMENT 'it''s unique', Notes TEXT, Code BINARY(8),
          Created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, Changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, Active TINYINT(1) NOT NULL DEFAULT 1,
          Level INT NOT NULL DEFAULT 3, Discount DECIMAL(5,2) DEFAULT 1.50, Word VARCHAR(10) DEFAULT 'it''s', Doubled INT AS (Level * 2) STORED, Shout VARCHAR(120) AS (UPPER(Email)) VIRTUAL,
          UNIQUE KEY email (Email), KEY beginning (Notes(10), Level DESC), KEY code (Code(4)), FULLTEXT KEY words (Notes), CONSTRAINT level_range CHECK (Level BETWEEN 0 AND 10), CONSTRAINT is_mail CHECK (Email LIKE '%@%')) COMMENT='who buys';
        CREATE TABLE orders (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, customer INT, up BIGINT UNSIGNED, total DECIMAL(10,2) CHECK (total >= 0), KEY (customer),
          CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES Customer (Id) ON DELETE CASCADE ON UPDATE SET NULL);
        INSERT INTO Customer (Email, Notes, Code, Level) VALUES ('a@b', 'some notes', 0x0102, 5), ('c@d', NULL, NULL, 0);
        INSERT INTO orders (customer, total) VALUES (1, 10.5), (2, 0), (NULL, 1);
        CREATE VIEW big AS SELECT * FROM orders WHERE total > 5;
        CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = NEW.total;
        CREATE PROCEDURE p() SELECT 1;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schema_arrives_as_far_as_it_means_the_same()
    {
        await using var source = await mysql.CreateDatabaseAsync(Shop, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0).Says("1 trigger").Says("1 procedure").Says("1 view");
        Assert.Equal(
            """
            customer|customer_pkey|PRIMARY KEY (id)
            customer|level_range|CHECK (((level >= '0'::bigint) AND (level <= '10'::bigint)))
            orders|orders_customer|FOREIGN KEY (customer) REFERENCES customer(id) ON UPDATE SET NULL ON DELETE CASCADE
            orders|orders_pkey|PRIMARY KEY (id)
            """,
            await target.QueryAsync($"SET search_path TO {source.Name}; SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = '{source.Name}'::regnamespace AND contype <> 'n' AND conname !~ '^(CONSTRAINT_|orders_chk|total)' ORDER BY 1::text, 2", Ct));
        Assert.Equal("1", await target.QueryAsync($"SELECT count(*) FROM pg_constraint WHERE conrelid = '{source.Name}.orders'::regclass AND contype = 'c'", Ct));
        Assert.Equal(
            """
            idx_customer_beginning|btree ("left"(notes, 10), level DESC)
            idx_customer_code|btree (substr(code, 1, 4))
            idx_customer_email|UNIQUE btree (email)
            idx_customer_words|gin (to_tsvector('simple'::regconfig, COALESCE(notes, ''::text)))
            idx_orders_customer|btree (customer)
            """,
            (await target.QueryAsync($"SELECT indexname, (CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN 'UNIQUE ' ELSE '' END) || substr(indexdef, strpos(indexdef, ' USING ') + 7) FROM pg_indexes WHERE schemaname = '{source.Name}' AND indexname LIKE 'idx%' ORDER BY 1", Ct)));
        Assert.Equal("10|A@B|t", await target.QueryAsync($"SELECT doubled, shout, active FROM {source.Name}.customer WHERE id = 1", Ct));
        Assert.Equal("doubled|s\nshout|", await target.QueryAsync($"SELECT attname, attgenerated FROM pg_attribute WHERE attrelid = '{source.Name}.customer'::regclass AND attname IN ('doubled', 'shout') ORDER BY 1", Ct));
        Assert.Equal("who buys|a number|it's unique", await target.QueryAsync($"SELECT obj_description('{source.Name}.customer'::regclass), col_description('{source.Name}.customer'::regclass, 1), col_description('{source.Name}.customer'::regclass, 2)", Ct));
        Assert.Equal("3|t|t|3|1.50|it's|6", await target.QueryAsync($"INSERT INTO {source.Name}.customer (email) VALUES ('x') RETURNING id, created IS NOT NULL, active, level, discount, word, doubled", Ct));
        Assert.Equal("t", await target.QueryAsync($"UPDATE {source.Name}.customer SET level = 4 WHERE id = 1 RETURNING changed = now()", Ct));
        Assert.Equal(4m, await target.ScalarAsync<decimal>($"INSERT INTO {source.Name}.orders (total) VALUES (1) RETURNING id::numeric", Ct));
    }

    [Fact]
    public async Task The_plan_says_what_stays_behind_and_why()
    {
        await using var source = await mysql.CreateDatabaseAsync(Shop + "CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 4;", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        var plan = (await folder.RunAsync(["plan", source.Uri, target.Uri], Ct)).ExitsWith(0)
            .Says("view big: its definition is not translated; MATERIALIZE VIEWS loads its rows into a table").Says("trigger t: triggers are not translated").Says("procedure p: procedures are not translated")
            .Says("partitioning parts: its rows come into one table").Says("generated column Customer.Shout: ").Says("check Customer.is_mail: ").Says("are compared without regard to case in the source")
            .Says("SET search_path TO public, ").Says("(default for int with auto_increment)");
        Assert.NotNull(plan);
        Assert.Equal(0, await target.CountAsync($"pg_namespace WHERE nspname = '{source.Name}'", Ct));
    }

    [Fact]
    public async Task Casts_filters_views_and_names_of_a_command_apply()
    {
        await using var source = await mysql.CreateDatabaseAsync(Shop, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(
            source, target,
            $"""
            WITH quote identifiers, no foreign keys, preserve index names
            CAST type int to integer drop typemod, type decimal to numeric drop typemod, column orders.total to text drop typemod,
                 type timestamp with extra on update current timestamp to "timestamp" drop extra
            MATERIALIZE VIEWS big, totals AS $$ SELECT customer, SUM(total) AS sum, COUNT(*) AS n FROM orders GROUP BY customer $$
            EXCLUDING TABLE NAMES MATCHING ~/^nothing/
            ALTER TABLE NAMES MATCHING 'orders' RENAME TO 'Orders' ALTER SCHEMA '{source.Name}' RENAME TO 'public'
            """, Ct)).ExitsWith(0);
        Assert.Equal("Customer|Orders|big|totals", (await target.QueryAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", Ct)).Replace('\n', '|'));
        Assert.Equal("1|10.50|1\n2|0.00|1\n\\N|1.00|1", await target.QueryAsync("SELECT * FROM totals ORDER BY customer", Ct));
        Assert.Equal("10.50", await target.QueryAsync("SELECT total FROM big", Ct));
        Assert.Equal("0", await target.QueryAsync("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal", Ct));
        Assert.Equal("timestamp without time zone", await target.QueryAsync("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '\"Customer\"'::regclass AND attname = 'Changed'", Ct));
    }

    [Fact]
    public async Task Large_tables_are_read_in_pieces_by_any_key()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            """
            CREATE TABLE seqs (n INT PRIMARY KEY);
            INSERT INTO seqs WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < 900) SELECT n FROM s;
            CREATE TABLE words (a VARCHAR(40), b INT, v VARCHAR(200), PRIMARY KEY (a, b)); INSERT INTO words SELECT CONCAT(CHAR(97 + n % 7), CASE n % 3 WHEN 0 THEN 'É' WHEN 1 THEN '_' ELSE '''' END), n, REPEAT('x', 100) FROM seqs;
            CREATE TABLE tokens (k BINARY(16) PRIMARY KEY, v TEXT); INSERT INTO tokens SELECT UNHEX(MD5(n)), REPEAT('y', 100) FROM seqs;
            CREATE TABLE days (d DATETIME(3) PRIMARY KEY, v TEXT); INSERT INTO days SELECT '2020-01-01 00:00:00.123' + INTERVAL n HOUR, REPEAT('z', 100) FROM seqs;
            CREATE TABLE far (id BIGINT PRIMARY KEY, v TEXT); INSERT INTO far SELECT IF(n % 2, n - 9223372036854775807, 9223372036854775807 - n), REPEAT('w', 100) FROM seqs;
            CREATE TABLE loose (v TEXT); INSERT INTO loose SELECT n FROM seqs;
            ANALYZE TABLE seqs, words, tokens, days, far, loose;
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "WITH workers = 3, batch rows = 100, batch size = 64 kB SET timezone TO 'UTC'", Ct)).ExitsWith(0).Says("loaded 5,400 + rejected 0");
        Assert.Equal(5400, await MySqlFixture.CompareAsync(source, target, Ct));
        (await folder.CopyAsync(source, target, "WITH multiple readers per thread, rows per range = 50, batch rows = 100, batch size = 64 kB INCLUDING ONLY TABLE NAMES MATCHING 'words', 'far'", Ct)).ExitsWith(0).Says("loaded 1,800 + rejected 0");
    }
}
