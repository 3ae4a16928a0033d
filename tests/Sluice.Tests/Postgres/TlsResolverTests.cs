using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class TlsResolverTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("disable", TlsMode.Disable)]
    [InlineData("allow", TlsMode.Allow)]
    [InlineData("prefer", TlsMode.Prefer)]
    [InlineData("require", TlsMode.Require)]
    public void Modes_without_a_check_need_no_root_certificate(string mode, TlsMode expected)
    {
        var tls = Tls(("sslmode", mode));
        Assert.Equal((expected, false, mode), (tls.Mode, tls.VerifiesChain, tls.ModeName));
    }

    [Theory]
    [InlineData("verify-ca")]
    [InlineData("verify-full")]
    public void Verifying_modes_need_a_root_certificate(string mode)
    {
        var error = Assert.Throws<TargetException>(() => Tls(("sslmode", mode)));
        Assert.Equal($"The root certificate file {_home.Path}/.postgresql/root.crt (by default) does not exist; sslmode={mode} needs one", error.Message);
        Assert.Contains("sslrootcert=system", error.Hint, StringComparison.Ordinal);
        _home.Write(".postgresql/root.crt", "");
        Assert.Equal((true, mode), (Tls(("sslmode", mode)).VerifiesChain, Tls(("sslmode", mode)).ModeName));
    }

    [Fact]
    public void Require_checks_when_the_default_root_certificate_exists()
    {
        _home.Write(".postgresql/root.crt", "");
        Assert.True(Tls(("sslmode", "require")).VerifiesChain);
    }

    [Fact]
    public void The_systems_authorities_mean_verify_full()
    {
        Assert.Equal((TlsMode.VerifyFull, true), (Tls(("sslrootcert", "system")).Mode, Tls(("sslrootcert", "system")).VerifiesChain));
        var error = Assert.Throws<TargetException>(() => Tls(("sslrootcert", "system"), ("sslmode", "require")));
        Assert.Equal("sslrootcert=system cannot be used with sslmode=require", error.Message);
    }

    [Fact]
    public void The_old_requiressl_still_counts() => Assert.Equal(TlsMode.Require, Tls(("requiressl", "1")).Mode);

    [Fact]
    public void Jdbcs_ssl_is_understood() => Assert.Equal(TlsMode.Require, Tls(("ssl", "true")).Mode);

    [Fact]
    public void A_default_client_certificate_is_used_with_its_key()
    {
        _home.Write(".postgresql/postgresql.crt", "");
        var error = Assert.Throws<TargetException>(() => Tls());
        Assert.Contains("The private key file", error.Message, StringComparison.Ordinal);
        Assert.Contains("sslcertmode=disable", error.Hint, StringComparison.Ordinal);
        Assert.Null(Tls(("sslcertmode", "disable")).ClientCertificate);
        _home.Write(".postgresql/postgresql.key", "");
        Assert.EndsWith("postgresql.key", Tls().ClientKey, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_client_certificate_must_exist() => Assert.Equal(
        "The client certificate file /nowhere.crt (from the URI) does not exist",
        Assert.Throws<TargetException>(() => Tls(("sslcert", "/nowhere.crt"))).Message);

    [Theory]
    [InlineData("644")]
    [InlineData("660")]
    public void A_key_that_others_may_read_is_refused(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes");
        _home.Write(".postgresql/postgresql.crt", "");
        var key = _home.Write(".postgresql/postgresql.key", "", mode);
        var error = Assert.Throws<TargetException>(() => Tls());
        Assert.Equal(($"The private key file {key} may be read or changed by others", $"Run: chmod 600 {key}"), (error.Message, error.Hint));
    }

    [Fact]
    public void Direct_negotiation_needs_require()
    {
        Assert.Throws<TargetException>(() => Tls(("sslnegotiation", "direct")));
        Assert.True(Tls(("sslnegotiation", "direct"), ("sslmode", "require")).Direct);
    }

    [Fact]
    public void A_named_root_certificate_that_is_missing_is_a_warning_when_nothing_is_checked()
    {
        var settings = Settings(("sslmode", "require"), ("sslrootcert", "/nowhere.crt"));
        Assert.Equal("The root certificate file /nowhere.crt (from the URI) does not exist: the server's certificate is not checked", Assert.Single(settings.Warnings));
    }

    private TlsSettings Tls(params (string Name, string Value)[] parameters) => Settings(parameters).Tls;

    private ConnectionSettings Settings(params (string Name, string Value)[] parameters) => ConnectionResolver.Resolve(
        new DatabaseUri
        {
            Scheme = "postgresql",
            Host = "h",
            Parameters = parameters.ToImmutableSortedDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
        },
        new() { Variable = name => name == "HOME" ? _home.Path : null, OsUser = "u" });
}
