using System.Globalization;
using Sluice.ServerTests.Loads;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Uploads to a store behind TLS, by the program itself: whom it trusts is its process's.</summary>
public sealed class RedshiftTlsStoreTests(RedshiftServers servers)
{
    // More than the smallest piece of an upload in each of the files that are written side by side.
    private const int Rows = 3_000;
    private const int RowBytes = 9_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_tls_no_digest_of_the_content_is_signed_and_a_checksum_guards_it()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, note varchar({RowBytes}))", Ct);
        using var folder = new LoadFolder().With("data.csv", string.Concat(Enumerable.Range(1, Rows).Select(id => $"{id.ToString(CultureInfo.InvariantCulture)},{new string('x', RowBytes)}\n")));
        var (certificates, relay) = Start(load, folder);
        using (relay)
        {
            (await RunAsync(load, folder, relay, ("SSL_CERT_FILE", certificates.Authority))).ExitsWith(0);
            Assert.Equal($"{Rows}|{Rows}|{RowBytes}", await load.QueryAsync($"SELECT count(*), count(DISTINCT id), min(octet_length(note)) FROM {load.Table}", Ct));
            var uploads = relay.Heads.Where(head => head.StartsWith("PUT ", StringComparison.Ordinal)).ToList();
            Assert.Contains(uploads, head => head.Contains("manifest", StringComparison.Ordinal));
            Assert.Contains(uploads, head => head.Contains("partNumber=2", StringComparison.Ordinal));
            Assert.All(uploads, head =>
            {
                Assert.Contains("x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n", head, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("x-amz-checksum-crc32c: ", head, StringComparison.OrdinalIgnoreCase);
            });
            Assert.Empty(await load.StagedAsync(Ct));
        }
    }

    [Fact]
    public async Task A_store_that_is_not_trusted_gets_nothing()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, note varchar({RowBytes}))", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n");
        var (certificates, relay) = Start(load, folder);
        using (relay)
        {
            (await RunAsync(load, folder, relay, ("SSL_CERT_FILE", certificates.OtherAuthority))).ExitsWith(1).Says($"the TLS certificate of the endpoint {relay.Endpoint}/ is not accepted");
            Assert.Empty(relay.Heads);
        }

        Assert.Equal("0", await load.CountAsync(Ct));
    }

    private static (TestCertificates Certificates, TlsRelay Relay) Start(RedshiftCase load, LoadFolder folder)
    {
        var certificates = TestCertificates.Create(folder.Path);
        var store = load.ProgramEnvironment().Single(variable => variable.Name == "AWS_ENDPOINT_URL").Value;
        return (certificates, new TlsRelay(new Uri(store), certificates));
    }

    private static Task<ProgramResult> RunAsync(RedshiftCase load, LoadFolder folder, TlsRelay relay, (string Name, string Value) trust)
    {
        folder.With(
            "tls.load", $"LOAD CSV FROM 'data.csv' INTO {load.Uri} TARGET TABLE {load.Table} WITH fields terminated by ',', compress none, batch size = 4MB, batch rows = 100000;");
        return folder.RunAsync(
            ["tls.load"], Ct, null,
            [.. load.ProgramEnvironment().Where(variable => variable.Name != "AWS_ENDPOINT_URL"), ("AWS_ENDPOINT_URL", relay.Endpoint), trust]);
    }
}
