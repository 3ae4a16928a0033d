using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class ConnectionResolverTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Without_anything_the_defaults_are_libpqs()
    {
        var settings = Resolve(new() { Scheme = "postgresql" });
        Assert.Equal(new Found<string>("localhost", "by default"), settings.Host);
        Assert.Equal(new Found<int>(5432, "by default"), settings.Port);
        Assert.Equal(new Found<string>("os_user", "from the operating system"), settings.User);
        Assert.Equal(new Found<string>("os_user", "from the user's name"), settings.Database);
        Assert.Null(settings.Password);
        Assert.Equal(TlsMode.Prefer, settings.Tls.Mode);
        Assert.Equal(("sluice", TimeSpan.FromSeconds(15)), (settings.ApplicationName, settings.ConnectTimeout));
        Assert.Equal("os_user@localhost:5432/os_user", settings.ToString());
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void The_port_of_the_environment_counts_for_Redshift_too()
    {
        _variables["PGPORT"] = "1234";
        Assert.Equal(1234, Resolve(new() { Scheme = "redshift" }).Port.Value);
    }

    [Fact]
    public void Redshift_has_another_default_port() => Assert.Equal(5439, Resolve(new() { Scheme = "redshift" }).Port.Value);

    [Fact]
    public void A_local_socket_is_the_default_host_where_there_is_one()
    {
        _home.Write("run/.s.PGSQL.5432", "");
        var settings = Resolve(new() { Scheme = "postgresql" });
        Assert.Equal($"{_home.Path}/run", settings.Host.Value);
        Assert.True(settings.IsUnixSocket);
        Assert.Equal(TlsMode.Disable, settings.Tls.Mode);
        Assert.Equal("localhost", Resolve(new() { Scheme = "postgresql", Port = 5433 }).Host.Value);
    }

    [Fact]
    public void Every_variable_is_used()
    {
        Set(
            ("PGHOST", "db.example"), ("PGHOSTADDR", "10.0.0.1"), ("PGPORT", "6543"), ("PGUSER", "u"), ("PGDATABASE", "d"), ("PGPASSWORD", "p"),
            ("PGSSLMODE", "require"), ("PGCONNECT_TIMEOUT", "3"), ("PGAPPNAME", "app"), ("PGOPTIONS", "-c a=b"), ("PGCHANNELBINDING", "require"),
            ("PGTARGETSESSIONATTRS", "read-write"), ("PGREQUIREAUTH", "scram-sha-256"), ("PGGSSENCMODE", "prefer"), ("PGKRBSRVNAME", "pg"), ("PGTZ", "Asia/Tokyo"));
        var settings = Resolve(new() { Scheme = "postgresql" });
        Assert.Equal(
            "u@db.example:6543/d|10.0.0.1|Require|00:00:03|app|-c a=b|require|ReadWrite|scram-sha-256|prefer|pg|Asia/Tokyo",
            $"{settings}|{settings.HostAddress}|{settings.Tls.Mode}|{settings.ConnectTimeout}|{settings.ApplicationName}|{settings.ServerOptions}|{settings.ChannelBinding}|"
            + $"{settings.TargetSession}|{settings.RequireAuthentication}|{settings.GssEncryption}|{settings.KerberosService}|{settings.TimeZone}");
        Assert.Equal(new Found<Secret>(new("p"), "from PGPASSWORD"), settings.Password);
        Assert.Equal("from PGUSER", settings.User.From);
    }

    [Fact]
    public void The_uri_wins_over_the_service_which_wins_over_the_environment()
    {
        _home.Write(".pg_service.conf", "# mine\n[prod]\nhost=service.example\nuser=service_user\nport=7000\nport=7001\n\n[other]\nhost=wrong\n");
        Set(("PGSERVICE", "prod"), ("PGHOST", "env.example"), ("PGUSER", "env_user"), ("PGDATABASE", "env_db"));
        var settings = Resolve(new() { Scheme = "postgresql", User = "uri_user" });
        Assert.Equal("uri_user@service.example:7000/env_db", settings.ToString());
        Assert.Equal(
            ("from the URI", "from service prod in ~/.pg_service.conf", "from PGDATABASE"),
            (settings.User.From, settings.Host.From, settings.Database.From));
    }

    [Fact]
    public void A_parameter_wins_over_the_part_before_it() =>
        Assert.Equal("b@h:5432/b", Resolve(new() { Scheme = "postgresql", User = "a", Host = "h", Parameters = Parameters(("user", "b")) }).ToString());

    [Fact]
    public void A_keyword_string_is_named_so() =>
        Assert.Equal("from the connection string", Resolve(new() { Scheme = "", User = "a" }).User.From);

    [Fact]
    public void Empty_values_count_as_absent()
    {
        Set(("PGUSER", ""), ("PGPASSWORD", ""));
        var settings = Resolve(new() { Scheme = "postgresql", Host = "", Password = new("") });
        Assert.Equal("os_user@localhost:5432/os_user", settings.ToString());
        Assert.Null(settings.Password);
    }

    [Fact]
    public void The_service_file_may_be_named_or_the_systems()
    {
        var named = _home.Write("elsewhere/services", "[s]\nhost = spaces stay\ndbname=named\n");
        _home.Write("system/pg_service.conf", "[t]\ndbname=system\n");
        Set(("PGSERVICEFILE", named));
        Assert.Throws<TargetException>(() => Resolve(WithService("s")));
        _home.Write("elsewhere/services", "[s]\ndbname=named\n");
        Assert.Equal("named", Resolve(WithService("s")).Database.Value);
        Assert.Equal("system", Resolve(WithService("t")).Database.Value);
        Set(("PGSYSCONFDIR", $"{_home.Path}/nowhere"));
        Assert.Throws<TargetException>(() => Resolve(WithService("t")));
    }

    [Fact]
    public void A_service_that_nobody_defines_says_where_it_was_sought()
    {
        var path = _home.Write(".pg_service.conf", "[a]\n");
        var error = Assert.Throws<TargetException>(() => Resolve(WithService("b")));
        Assert.Equal(("The connection service b is not defined", $"Looked in {path}"), (error.Message, error.Hint));
    }

    [Fact]
    public void A_named_service_file_that_is_missing_is_an_error()
    {
        Set(("PGSERVICEFILE", "/nowhere/services"));
        Assert.Equal("The service file /nowhere/services (from PGSERVICEFILE) does not exist", Assert.Throws<TargetException>(() => Resolve(WithService("b"))).Message);
    }

    [Theory]
    [InlineData("[s]\nnonsense\n", ":2: found a line without \"=\" in service s")]
    [InlineData("[s]\nservice=t\n", ":2: a service cannot name another service")]
    [InlineData("[s]\nhsot=x\n", "The connection parameter \"hsot\" (from service s in ~/.pg_service.conf) is not known")]
    public void A_faulty_service_is_an_error(string text, string message)
    {
        _home.Write(".pg_service.conf", text);
        Assert.Contains(message, Assert.Throws<TargetException>(() => Resolve(WithService("s"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_file_is_asked_last_and_its_line_named()
    {
        _home.Write(".pgpass", "other:*:*:*:x\ndb.example:5432:d:u:from file\n");
        var uri = new DatabaseUri { Scheme = "postgresql", Host = "db.example", User = "u", Database = "d" };
        Assert.Equal(new Found<Secret>(new("from file"), "from ~/.pgpass line 2"), Resolve(uri).Password);
        Set(("PGPASSWORD", "from env"));
        Assert.Equal("from PGPASSWORD", Resolve(uri).Password?.From);
        Assert.Equal("from the URI", Resolve(uri with { Password = new("x") }).Password?.From);
    }

    [Fact]
    public void Another_password_file_may_be_named()
    {
        Set(("PGPASSFILE", _home.Write("elsewhere/passwords", "*:*:*:*:p")));
        Assert.Equal("from ~/elsewhere/passwords line 1", Resolve(new() { Scheme = "postgresql" }).Password?.From);
    }

    [Fact]
    public void Localhost_in_the_password_file_means_the_default_socket_too()
    {
        _home.Write(".pgpass", "localhost:*:*:*:local");
        _home.Write("run/.s.PGSQL.5432", "");
        Assert.NotNull(Resolve(new() { Scheme = "postgresql" }).Password);
        Assert.NotNull(Resolve(new() { Scheme = "postgresql", Host = $"{_home.Path}/run" }).Password);
        Assert.Null(Resolve(new() { Scheme = "postgresql", Host = "/another/folder" }).Password);
    }

    [Fact]
    public void A_password_file_that_others_may_read_is_a_warning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes");
        _home.Write(".pgpass", "*:*:*:*:p", "644");
        var settings = Resolve(new() { Scheme = "postgresql" });
        Assert.Null(settings.Password);
        Assert.Contains("others may read it", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("1", 2)]
    [InlineData("7", 7)]
    [InlineData("99999", 1024)]
    public void Connect_timeout_is_in_seconds(string value, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Resolve(new() { Scheme = "postgresql", Parameters = Parameters(("connect_timeout", value)) }).ConnectTimeout);

    [Theory]
    [InlineData("conect_timeout", "1", "The connection parameter \"conect_timeout\" (from the URI) is not known")]
    [InlineData("connect_timeout", "soon", "The connection parameter connect_timeout (from the URI) is \"soon\", expected a whole number")]
    [InlineData("port", "70000", "The port 70000 (from the URI) does not exist, expected 1 to 65535")]
    [InlineData("sslmode", "verify", "The connection parameter sslmode (from the URI) is \"verify\", expected one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("host", "a,b", "Several hosts are given (from the URI): a,b")]
    [InlineData("host", "@abstract", "The abstract socket @abstract (from the URI) is not supported")]
    [InlineData("sslcrl", "x", "The connection parameter sslcrl (from the URI) is not supported")]
    [InlineData("target_session_attrs", "master", "The connection parameter target_session_attrs (from the URI) is \"master\", expected one of any, read-write, read-only, primary, standby, prefer-standby")]
    [InlineData("channel_binding", "on", "The connection parameter channel_binding (from the URI) is \"on\", expected one of disable, prefer, require")]
    [InlineData("ssl_min_protocol_version", "SSLv3", "ssl_min_protocol_version (from the URI) is \"SSLv3\", expected TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3")]
    public void A_parameter_that_makes_no_sense_is_an_error(string name, string value, string message) => Assert.Equal(
        message, Assert.Throws<TargetException>(() => Resolve(new() { Scheme = "postgresql", Parameters = Parameters((name, value)) })).Message);

    [Fact]
    public void A_mistyped_parameter_is_suggested() => Assert.Equal(
        "Did you mean sslmode?",
        Assert.Throws<TargetException>(() => Resolve(new() { Scheme = "postgresql", Parameters = Parameters(("sslmod", "x")) })).Hint);

    [Fact]
    public void Another_client_encoding_is_a_warning() => Assert.Equal(
        "client_encoding=latin1 (from the URI) is ignored: data is sent as UTF-8",
        Assert.Single(Resolve(new() { Scheme = "postgresql", Parameters = Parameters(("client_encoding", "latin1")) }).Warnings));

    [Fact]
    public void Addresses_with_colons_are_shown_in_brackets() =>
        Assert.Equal("[::1]:5432", Resolve(new() { Scheme = "postgresql", Host = "::1" }).Place);

    private static ImmutableSortedDictionary<string, string> Parameters(params (string Name, string Value)[] parameters) =>
        parameters.ToImmutableSortedDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);

    private static DatabaseUri WithService(string name) => new() { Scheme = "postgresql", Parameters = Parameters(("service", name)) };

    private void Set(params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            _variables[name] = value;
        }
    }

    private ConnectionSettings Resolve(DatabaseUri uri) => ConnectionResolver.Resolve(uri, new()
    {
        Variable = name => name == "HOME" ? _home.Path : _variables.GetValueOrDefault(name),
        OsUser = "os_user",
        SocketFolders = [$"{_home.Path}/run"],
        ServiceFolders = [$"{_home.Path}/system"],
    });
}
