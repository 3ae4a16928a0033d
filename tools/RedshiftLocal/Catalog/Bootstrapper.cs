using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Catalog;

/// <summary>Gives a database of the private PostgreSQL the schemas, types, views and functions that make it look like Redshift's.</summary>
public static class Bootstrapper
{
    /// <summary>Raised when a side table changes in a way that the scripts cannot bring about in an old database.</summary>
    public const int Version = 1;

    private const string ResourcePrefix = "RedshiftLocal.Catalog.Sql.";

    /// <summary>
    /// Runs the scripts in the session's database, in one transaction; nothing is done when they are there already. Works in each database once;
    /// a database made from one that has them has them too.
    /// </summary>
    /// <exception cref="CatalogVersionException">The database was made by a version of this program whose data this one cannot use.</exception>
    public static async Task ApplyAsync(IBackingSession superuser, CancellationToken ct)
    {
        var scripts = Scripts();
        var fingerprint = Fingerprint(scripts);
        var found = await FindVersionAsync(superuser, ct).ConfigureAwait(false);
        if (found == (Version, fingerprint))
        {
            return;
        }

        if (found is { Version: > Version })
        {
            throw new CatalogVersionException(found.Value.Version);
        }

        await superuser.QueryAsync(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_catalog.pg_advisory_xact_lock(8002)", ct).ConfigureAwait(false);
        try
        {
            await superuser.QueryAsync(
                "SET LOCAL standard_conforming_strings = on; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL client_min_messages = warning", ct)
                .ConfigureAwait(false);
            foreach (var script in scripts)
            {
                await superuser.QueryAsync(script.Sql, ct).ConfigureAwait(false);
            }

            await superuser.QueryAsync(RecordVersion(fingerprint), ct).ConfigureAwait(false);
            await superuser.QueryAsync("COMMIT", ct).ConfigureAwait(false);
        }
        catch (ServerException exception)
        {
            await superuser.QueryAsync("ROLLBACK", ct).ConfigureAwait(false);
            if (found is { } old)
            {
                throw new CatalogVersionException(old.Version, exception);
            }

            throw;
        }
    }

    /// <summary>The embedded scripts in the order in which they run: by name.</summary>
    internal static IReadOnlyList<(string Name, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => (name[ResourcePrefix.Length..], Read(assembly, name))),
        ];
    }

    private static async Task<(int Version, string Fingerprint)?> FindVersionAsync(IBackingSession superuser, CancellationToken ct)
    {
        var present = await superuser.QueryAsync("SELECT pg_catalog.to_regclass('rs_internal.catalog_version') IS NOT NULL", ct).ConfigureAwait(false);
        if (present.Rows[0][0] != "t")
        {
            return null;
        }

        var row = (await superuser.QueryAsync("SELECT version, fingerprint FROM rs_internal.catalog_version", ct).ConfigureAwait(false)).Rows[0];
        return (int.Parse(row[0] ?? "0", CultureInfo.InvariantCulture), row[1] ?? "");
    }

    private static string RecordVersion(string fingerprint) =>
        $"""
         CREATE TABLE IF NOT EXISTS rs_internal.catalog_version (version integer NOT NULL, fingerprint text NOT NULL);
         REVOKE ALL ON rs_internal.catalog_version FROM PUBLIC;
         DELETE FROM rs_internal.catalog_version;
         INSERT INTO rs_internal.catalog_version VALUES ({Version.ToString(CultureInfo.InvariantCulture)}, '{fingerprint}');
         """;

    private static string Fingerprint(IEnumerable<(string Name, string Sql)> scripts)
    {
        var text = string.Join('\0', scripts.Select(script => $"{script.Name}\0{script.Sql}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
