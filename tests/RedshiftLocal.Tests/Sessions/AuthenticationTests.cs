using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sessions;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>The three ways to prove a password, and TLS. Request 13: aws/amazon-redshift-python-driver; jazzband/django-redshift-backend#146.</summary>
public sealed class AuthenticationTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_password_in_clear_text_is_asked_for_and_checked()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { Authentication = AuthenticationMethod.Password }, Ct);
        await using var right = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));
        await right.OpenAsync(Ct);
        await using var wrong = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint, password: "wrong"));

        Assert.Equal("28000", (await Assert.ThrowsAsync<PostgresException>(() => wrong.OpenAsync(Ct))).SqlState);
    }

    [Theory]
    [InlineData(RedshiftLocalServer.Password, true)]
    [InlineData("wrong", false)]
    public async Task The_SHA256_challenge_is_answered_as_AWS_drivers_do(string password, bool isRight)
    {
        await using var server = await fixture.StartOwnAsync(options => options with { Authentication = AuthenticationMethod.Sha256 }, Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct);

        await AnswerSha256Async(client, password);

        Assert.Equal(isRight ? 'R' : 'E', (await client.ReadAsync(Ct)).Type);
    }

    [Fact]
    public async Task Npgsql_does_not_know_the_SHA256_challenge()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { Authentication = AuthenticationMethod.Sha256 }, Ct);
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => connection.OpenAsync(Ct));

        Assert.Contains("13", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_with_a_sha256_password_gets_the_challenge_though_the_server_prefers_md5()
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create user sha_user password 'sha256|Mypassword1'", Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", "sha_user"), ("database", "dev"));

        await AnswerSha256Async(client, "Mypassword1");

        Assert.Equal('R', (await client.ReadAsync(Ct)).Type);
        await client.DisposeAsync();
        await connection.ExecuteAsync("drop user sha_user", Ct);
    }

    [Fact]
    public async Task A_digest_and_salt_given_in_create_user_are_those_of_the_challenge()
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = await fixture.ConnectAsync(Ct);
        var salt = RandomNumberGenerator.GetBytes(32);
        var digest = SHA256.HashData([.. "Mypassword1"u8, .. salt]);
        await connection.ExecuteAsync(
            $"create user digest_user password 'sha256|{Convert.ToHexStringLower(digest)}|{Convert.ToHexStringLower(salt)}'", Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", "digest_user"), ("database", "dev"));

        await AnswerSha256Async(client, "Mypassword1");

        Assert.Equal('R', (await client.ReadAsync(Ct)).Type);
        await client.DisposeAsync();
        await connection.ExecuteAsync("drop user digest_user", Ct);
    }

    [Fact]
    public async Task A_user_logs_in_with_a_password_that_was_made_or_changed_by_SQL()
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create user sql_user password 'First-Pass1'", Ct);
        await LogInAsync("sql_user", "First-Pass1");
        await connection.ExecuteAsync("alter user sql_user password 'Second-Pass2'", Ct);
        await LogInAsync("sql_user", "Second-Pass2");
        await Assert.ThrowsAsync<PostgresException>(() => LogInAsync("sql_user", "First-Pass1"));
        await connection.ExecuteAsync("alter user sql_user password disable", Ct);
        await Assert.ThrowsAsync<PostgresException>(() => LogInAsync("sql_user", "Second-Pass2"));
        await connection.ExecuteAsync("drop user sql_user", Ct);

        async Task LogInAsync(string user, string password)
        {
            await using var other = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint, user, password));
            await other.OpenAsync(Ct);
            Assert.Equal(user, await other.ScalarAsync("select current_user", Ct));
        }
    }

    [Fact]
    public async Task A_password_is_masked_in_the_record_of_statements()
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create user masked_user password 'Never-Seen9'", Ct);
        await connection.ExecuteAsync("drop user masked_user", Ct);

        var statements = server.MaskedStatements();

        Assert.Contains(statements, statement => statement.StartsWith("create user masked_user", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, statement => statement.Contains("Never-Seen9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_certificate_TLS_is_offered_and_can_be_required()
    {
        var (certificate, key) = MakeCertificate();
        await using var server = await fixture.StartOwnAsync(
            options => options with { TlsCertificateFile = certificate, TlsKeyFile = key, RequireSsl = true }, Ct);
        var builder = new NpgsqlConnectionStringBuilder(RedshiftLocalServer.ConnectionString(server.EndPoint)) { SslMode = SslMode.Require };
        await using var encrypted = new NpgsqlConnection(builder.ConnectionString);
        await encrypted.OpenAsync(Ct);
        Assert.Equal("1", await encrypted.ScalarAsync("select 1", Ct));

        await using var plain = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));
        var error = await Assert.ThrowsAsync<PostgresException>(() => plain.OpenAsync(Ct));
        Assert.Equal("28000", error.SqlState);
        Assert.EndsWith("user \"awsuser\", database \"dev\", SSL off", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_sent_behind_the_request_for_TLS_end_the_connection()
    {
        var (certificate, key) = MakeCertificate();
        await using var server = await fixture.StartOwnAsync(options => options with { TlsCertificateFile = certificate, TlsKeyFile = key }, Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.SslRequest).End();
        client.Writer.BeginUntyped().Int32(ProtocolCodes.Version3).Text("user").Text("x").Byte(0).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }

    [Fact]
    public async Task A_raw_client_upgrades_to_TLS_and_logs_in()
    {
        var (certificate, key) = MakeCertificate();
        await using var server = await fixture.StartOwnAsync(options => options with { TlsCertificateFile = certificate, TlsKeyFile = key }, Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.SslRequest).End();
        await client.Writer.FlushAsync(Ct);
        Assert.Equal('S', await client.ReadByteAsync(Ct));
        await client.UpgradeAsync(Ct);
        await client.StartAsync(Ct);
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);

        Assert.Equal('Z', (await client.ReadToReadyAsync(Ct))[^1].Type);
    }

    [Theory]
    [InlineData(GssAnswer.Error, 'E')]
    [InlineData(GssAnswer.Close, -1)]
    public async Task The_answer_to_a_request_for_GSS_encryption_can_be_chosen(GssAnswer answer, int first)
    {
        await using var server = await fixture.StartOwnAsync(options => options with { GssAnswer = answer }, Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.GssEncRequest).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal(first, await client.ReadByteAsync(Ct));
    }

    private static async Task AnswerSha256Async(RawClient client, string password)
    {
        var request = await client.ReadAsync(Ct);
        var (code, salt, nonce) = ReadChallenge(request.Payload);
        Assert.Equal(13, code);
        var clientNonce = Encoding.ASCII.GetBytes(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        var inner = SHA256.HashData([.. Encoding.UTF8.GetBytes(password), .. salt]);
        var outer = SHA256.HashData([.. inner, .. nonce, .. clientNonce]);
        client.Writer.Begin('d').Int32(outer.Length).Bytes(outer).Int32(clientNonce.Length).Bytes(clientNonce).End();
        await client.Writer.FlushAsync(Ct);
    }

    private static (int Code, byte[] Salt, byte[] Nonce) ReadChallenge(byte[] payload)
    {
        var reader = new PayloadReader(payload);
        var code = reader.Int32();
        Assert.Equal(0, reader.Int32());
        var salt = reader.Bytes(reader.Int32()).ToArray();
        return (code, salt, reader.Bytes(reader.Int32()).ToArray());
    }

    private (string Certificate, string Key) MakeCertificate()
    {
        using var rsa = RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var folder = Directory.CreateDirectory(fixture.NewFolder()).FullName;
        var (certificateFile, keyFile) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, rsa.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
