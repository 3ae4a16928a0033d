using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Sessions;

namespace RedshiftLocal;

/// <summary>The options, and what the program does with them.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Data = new("--data") { Description = "folder of all data; made when it is not there", HelpName = "DIR" };
    private static readonly Option<string> Listen = new("--listen") { Description = "address of both listeners", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int> Port = Number("--port", 5439, "port for SQL clients; 0 takes any that is free");
    private static readonly Option<int> S3Port = Number("--s3-port", 9000, "port of the S3 store; 0 takes any that is free");
    private static readonly Option<int?> FaultPort = new("--fault-port") { Description = "port on which faults can be ordered; 0 takes any that is free", HelpName = "PORT" };
    private static readonly Option<string> Database = Text("--database", "dev", "NAME", "database that is made at the first start");
    private static readonly Option<string> User = Text("--user", "awsuser", "NAME", "master user");
    private static readonly Option<string?> Password = Text("--password", "TEXT", "its password; needed at the first start (or REDSHIFT_LOCAL_PASSWORD)");
    private static readonly Option<string> Auth = Text("--auth", "md5", "md5|password|sha256", "how passwords are asked for");
    private static readonly Option<string?> TlsCert = Text("--tls-cert", "FILE", "certificate in PEM form; with it TLS is offered");
    private static readonly Option<string?> TlsKey = Text("--tls-key", "FILE", "its key in PEM form");
    private static readonly Option<bool> RequireSsl = new("--require-ssl") { Description = "refuse logins without TLS" };
    private static readonly Option<string?> AccessKey = Text("--access-key", "KEY", "access key of the S3 store");
    private static readonly Option<string?> SecretKey = Text("--secret-key", "KEY", "its secret (or REDSHIFT_LOCAL_SECRET_KEY)");
    private static readonly Option<string?> Credentials = Text("--credentials", "FILE", "several key pairs, with tokens, expiry and rights");
    private static readonly Option<string[]> Bucket = new("--bucket") { Description = "bucket to be made, with its region; may be repeated", HelpName = "NAME[:REGION]" };
    private static readonly Option<string[]> IamRole = new("--iam-role") { Description = "role that COPY may name, and the key it stands for; may be repeated", HelpName = "ARN=ACCESS_KEY" };
    private static readonly Option<int> Slices = Number("--slices", 4, "slices that the cluster claims to have");
    private static readonly Option<bool> Serverless = new("--serverless") { Description = "be a serverless workgroup: no STL and STV views" };
    private static readonly Option<bool> CaseSensitive = new("--case-sensitive") { Description = "enable_case_sensitive_identifier is on" };
    private static readonly Option<string?> PostgresBin = Text("--postgres-bin", "DIR", "folder of initdb, pg_ctl and postgres");
    private static readonly Option<string?> Faults = Text("--faults", "FILE", "faults to be made");
    private static readonly Option<int> MaxConnections = Number("--max-connections", 500, "sessions at one time");
    private static readonly Option<int> IdleTimeout = Number("--idle-timeout", 4 * 60 * 60, "seconds after which an idle session is ended");
    private static readonly Option<string> Gss = Text("--gss", "refuse", "refuse|error|close", "answer to a request for GSS encryption");
    private static readonly Option<string> LineNumbers =
        Text("--line-numbers", "physical", "physical|records", "what line_number of COPY's error views counts");
    private static readonly Option<bool> Assumptions = new("--assumptions") { Description = "print what is assumed where public material is unsure, and end" };

    public static RootCommand Build()
    {
        var command = new RootCommand("A strict local stand-in for Amazon Redshift, with an S3 store beside it.")
        {
            Data, Listen, Port, S3Port, FaultPort, Database, User, Password, Auth, TlsCert, TlsKey, RequireSsl, AccessKey, SecretKey, Credentials,
            Bucket, IamRole, Slices, Serverless, CaseSensitive, PostgresBin, Faults, MaxConnections, IdleTimeout, Gss, LineNumbers, Assumptions,
        };
        Auth.AcceptOnlyFromAmong("md5", "password", "sha256");
        Gss.AcceptOnlyFromAmong("refuse", "error", "close");
        LineNumbers.AcceptOnlyFromAmong("physical", "records");
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };

    private static Option<string> Text(string name, string value, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken ct)
    {
        if (arguments.GetValue(Assumptions))
        {
            foreach (var line in AssumptionList.Read())
            {
                Console.WriteLine(line);
            }

            return 0;
        }

        try
        {
            return await ServeAsync(ReadOptions(arguments), ct);
        }
        catch (StartException exception)
        {
            await Console.Error.WriteLineAsync("redshift-local: " + exception.Message);
            return 1;
        }
    }

    private static async Task<int> ServeAsync(RedshiftLocalOptions options, CancellationToken ct)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        await using var registration = ct.Register(() => stop.TrySetResult());
        await using var server = await LocalRedshift.StartAsync(options, ct);
        Console.WriteLine(server.ReadyLine());
        await stop.Task;
        return 0;
    }

    private static RedshiftLocalOptions ReadOptions(ParseResult arguments) => new()
    {
        DataFolder = arguments.GetValue(Data) ?? throw new StartException("A data folder is needed: name one with --data"),
        Listen = IPAddress.TryParse(arguments.GetValue(Listen), out var address)
            ? address
            : throw new StartException($"--listen takes an IP address, not {arguments.GetValue(Listen)}"),
        Port = PortNumber(arguments.GetValue(Port), Port),
        S3Port = PortNumber(arguments.GetValue(S3Port), S3Port),
        FaultPort = arguments.GetValue(FaultPort) is { } port ? PortNumber(port, FaultPort) : null,
        Database = arguments.GetValue(Database)!,
        User = arguments.GetValue(User)!,
        Password = arguments.GetValue(Password) ?? Environment.GetEnvironmentVariable("REDSHIFT_LOCAL_PASSWORD"),
        Authentication = Enum.Parse<AuthenticationMethod>(arguments.GetValue(Auth)!, ignoreCase: true),
        TlsCertificateFile = arguments.GetValue(TlsCert),
        TlsKeyFile = arguments.GetValue(TlsKey),
        RequireSsl = arguments.GetValue(RequireSsl),
        AccessKey = arguments.GetValue(AccessKey),
        SecretKey = arguments.GetValue(SecretKey) ?? Environment.GetEnvironmentVariable("REDSHIFT_LOCAL_SECRET_KEY"),
        CredentialsFile = arguments.GetValue(Credentials),
        Buckets = arguments.GetValue(Bucket) ?? [],
        IamRoles = arguments.GetValue(IamRole) ?? [],
        Slices = Positive(arguments.GetValue(Slices), Slices),
        Serverless = arguments.GetValue(Serverless),
        CaseSensitive = arguments.GetValue(CaseSensitive),
        PostgresFolder = arguments.GetValue(PostgresBin),
        FaultsFile = arguments.GetValue(Faults),
        MaxConnections = Positive(arguments.GetValue(MaxConnections), MaxConnections),
        IdleTimeout = TimeSpan.FromSeconds(Positive(arguments.GetValue(IdleTimeout), IdleTimeout)),
        GssAnswer = Enum.Parse<GssAnswer>(arguments.GetValue(Gss)!, ignoreCase: true),
        LineNumbers = Enum.Parse<LineNumbering>(arguments.GetValue(LineNumbers)!, ignoreCase: true),
    };

    private static int PortNumber(int value, Option option) =>
        value is >= 0 and <= 65535 ? value : throw new StartException($"{option.Name} takes a port from 0 to 65535, not {value}");

    private static int Positive(int value, Option option) =>
        value > 0 ? value : throw new StartException($"{option.Name} takes a number above zero, not {value}");
}
