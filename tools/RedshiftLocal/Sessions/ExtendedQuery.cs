using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>Parse, Bind, Describe, Execute, Close, Flush and Sync. After an error everything up to the next Sync is passed over.</summary>
internal sealed class ExtendedQuery(SessionState state, StatementRunner runner)
{
    private const int MaxParameters = 32767;

    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Portal> _portals = new(StringComparer.Ordinal);

    public bool Discarding { get; set; }

    public async Task TakeAsync(WireMessage message, CancellationToken ct)
    {
        if (message.Type == 'S')
        {
            if (!Discarding)
            {
                await runner.GuardAsync(() => runner.FinishAsync(ct), ct);
            }

            Discarding = false;
            DropPortals();
            state.WriteReady();
            return;
        }

        if (Discarding)
        {
            return;
        }

        if (message.Type == 'H')
        {
            await state.Writer.FlushAsync(ct);
            return;
        }

        Discarding = !await runner.GuardAsync(() => RunAsync(message, ct), ct);
    }

    private Task RunAsync(WireMessage message, CancellationToken ct) => (char)message.Type switch
    {
        'P' => ParseAsync(message.Payload, ct),
        'B' => BindAsync(message.Payload, ct),
        'D' => DescribeAsync(message.Payload, ct),
        'E' => ExecuteAsync(message.Payload, ct),
        _ => CloseAsync(message.Payload, ct),
    };

    private async Task ParseAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var (name, sql, types) = ReadParse(payload.Span);
        if (name.Length > 0 && _statements.ContainsKey(name))
        {
            throw new ServerException("42P05", $"prepared statement \"{name}\" already exists");
        }

        var parts = state.Split(sql);
        if (parts.Length > 1)
        {
            throw new ServerException("42601", "cannot insert multiple commands into a prepared statement");
        }

        var statement = parts.IsEmpty
            ? new PreparedStatement(null, new EmptyStatement())
            : new PreparedStatement(parts[0], state.Translate(parts[0]));
        if (statement.Translation is Forwarded forwarded)
        {
            state.Enter(statement.Text);
            await runner.ShowQueriesAsync(sql, ct);
            await state.Pipeline.ParseAsync(name, forwarded.Sql, types, ct);
        }

        _statements[name] = statement;
        state.Writer.Message('1');
    }

    private async Task BindAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var (portal, name, parameters) = ReadBind(payload.Span);
        var statement = Statement(name);
        if (portal.Length > 0 && _portals.ContainsKey(portal))
        {
            throw new ServerException("42P03", $"cursor \"{portal}\" already exists");
        }

        if (state.HasFailed && statement.Translation is not (EmptyStatement or TransactionControl { Verb: not TransactionVerb.Begin }))
        {
            throw SessionState.InFailedBlock();
        }

        byte[]? columns = null;
        if (statement.Translation is Forwarded)
        {
            state.Enter(statement.Text);
            await runner.ShowQueriesAsync(statement.Text, ct);
            columns = await state.Pipeline.BindAsync(payload, portal, ct);
        }
        else if (parameters > 0)
        {
            throw new ServerException(
                "08P01", $"bind message supplies {parameters} parameters, but prepared statement \"{name}\" requires 0");
        }

        _portals[portal] = new Portal(portal, statement, columns);
        state.Writer.Message('2');
    }

    private async Task DescribeAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var (kind, name) = ReadTarget(payload.Span);
        if (kind == 'P')
        {
            var portal = FindPortal(name);
            WriteColumns(portal.Statement, portal.Columns);
            return;
        }

        var statement = Statement(name);
        if (statement.Translation is Forwarded)
        {
            var (types, columns) = await state.Pipeline.DescribeStatementAsync(name, ct);
            state.Writer.Begin('t').Int16(types.Length);
            foreach (var type in types)
            {
                state.Writer.Int32(state.Types.ToClient(type));
            }

            state.Writer.End();
            WriteColumns(statement, columns);
        }
        else
        {
            state.Writer.Begin('t').Int16(0).End();
            WriteColumns(statement, null);
        }
    }

    private void WriteColumns(PreparedStatement statement, byte[]? columns)
    {
        if (columns is not null)
        {
            ResultRelay.Write(state.Writer, state.Types, columns);
        }
        else if (statement.Translation is Setting { Verb: SettingVerb.Show } show)
        {
            SettingRunner.WriteColumns(state.Writer, show);
        }
        else
        {
            state.Writer.Message('n');
        }
    }

    /// <summary>The row limit is passed over, as Redshift does: the portal runs to its end.</summary>
    private async Task ExecuteAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var portal = FindPortal(new PayloadReader(payload.Span).Text());
        if (state.HasFailed && portal.Statement.Translation is not (EmptyStatement or TransactionControl { Verb: not TransactionVerb.Begin }))
        {
            throw SessionState.InFailedBlock();
        }

        await runner.RunAsync(portal.Statement, portal, isOneOfMany: false, ct);
    }

    private async Task CloseAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        var (kind, name) = ReadTarget(payload.Span);
        var isForwarded = kind == 'S'
            ? _statements.Remove(name, out var statement) && statement.Translation is Forwarded
            : _portals.Remove(name, out var portal) && portal.Statement.Translation is Forwarded;
        if (isForwarded)
        {
            await state.Pipeline.CloseAsync(kind, name, ct);
        }

        state.Writer.Message('3');
    }

    /// <summary>Portals end with their transaction.</summary>
    private void DropPortals()
    {
        if (state.Backing.TransactionStatus == 'I')
        {
            _portals.Clear();
        }
    }

    private PreparedStatement Statement(string name) =>
        _statements.TryGetValue(name, out var statement) ? statement
            : throw new ServerException(
                "26000", name.Length == 0 ? "unnamed prepared statement does not exist" : $"prepared statement \"{name}\" does not exist");

    private Portal FindPortal(string name) =>
        _portals.TryGetValue(name, out var portal) ? portal : throw new ServerException("34000", $"portal \"{name}\" does not exist");

    private (string Name, string Sql, int[] Types) ReadParse(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var name = reader.Text();
        var sql = reader.Text();
        var types = new int[Count(reader.Int16())];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = state.Types.ToBacking(reader.Int32());
        }

        return (name, sql, types);
    }

    private static (string Portal, string Statement, int Parameters) ReadBind(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var portal = reader.Text();
        var statement = reader.Text();
        var formats = Count(reader.Int16());
        reader.Bytes(formats * 2);
        return (portal, statement, Count(reader.Int16()));
    }

    private static (char Kind, string Name) ReadTarget(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var kind = (char)reader.Byte();
        return kind is 'S' or 'P' ? (kind, reader.Text()) : throw new ServerException("08P01", $"invalid message subtype {(int)kind}");
    }

    private static int Count(short value)
    {
        var count = (ushort)value;
        return count <= MaxParameters
            ? count
            : throw new ServerException("54023", $"the statement has {count} bind parameters; the maximum is {MaxParameters}");
    }
}
