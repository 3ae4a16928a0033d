using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Postgres;
using Sluice.Sources.CopyText;
using Sluice.Sources.Csv;
using Sluice.Sources.Fixed;
using Sluice.Sources.MySql;
using Sluice.Sources.Postgres;
using Sluice.Sources.Redshift;
using Sluice.Sources.Sqlite;

namespace Sluice.Sources;

/// <summary>Every kind of source with its options. To add one, add a line.</summary>
public static class SourceRegistry
{
    public static ImmutableArray<SourceDescriptor> All { get; } =
    [
        Describe("csv", LoadKinds.Csv, "CSV files",
            [SourceOptions.Csv, SourceOptions.Text, SourceOptions.Values, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("fixed", LoadKinds.Fixed, "fixed-width files",
            [SourceOptions.Fixed, SourceOptions.Text, SourceOptions.Values, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("copy", LoadKinds.Copy, "COPY files", [SourceOptions.Copy, SourceOptions.Text, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("dbf", LoadKinds.Dbf, "dBase files", [SourceOptions.Tables, SourceOptions.SingleTable, SourceOptions.Dbf]),
        Describe("ixf", LoadKinds.Ixf, "IXF files", [SourceOptions.Tables, SourceOptions.SingleTable, SourceOptions.Ixf]),
        Describe("mysql", LoadKinds.MySql, "MySQL databases",
            [SourceOptions.Tables, SourceOptions.Database, SourceOptions.MySql, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("mssql", LoadKinds.SqlServer, "SQL Server databases",
            [SourceOptions.Tables, SourceOptions.Database, SourceOptions.SourceEncoding, SourceOptions.DropIndexes]),
        Describe("sqlite", LoadKinds.Sqlite, "SQLite databases",
            [SourceOptions.Tables, SourceOptions.Database, SourceOptions.SourceEncoding, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("pgsql", LoadKinds.Postgres, "PostgreSQL databases",
            [SourceOptions.Tables, SourceOptions.Database, SourceOptions.DropIndexes, RedshiftUnloadOptions.All])
            .WithDefaults("quote identifiers", "preserve index names") with { IsBuilt = true, ServerOptions = [.. RedshiftUnloadOptions.All] },
        new SourceDescriptor { Keyword = "archive", Kind = LoadKinds.Archive, Reads = "archives", Options = [] },
    ];

    public static SourceDescriptor Find(LoadKinds kind) => All.First(descriptor => descriptor.Kind == kind);

    private static SourceDescriptor Describe(string keyword, LoadKinds kind, string reads, OptionDefinition[][] own) => new()
    {
        Keyword = keyword,
        Kind = kind,
        Reads = reads,
        Options = [.. own.SelectMany(group => group), .. SourceOptions.Common((kind & LoadKinds.Files) != 0), .. SourceOptions.Identifiers],
    };

    /// <summary>The source of a file load.</summary>
    /// <param name="spec">A command whose source is built.</param>
    /// <param name="inputs">What its location stands for.</param>
    /// <param name="table">The target, whose columns count where the command names none.</param>
    /// <param name="bytesRead">Called with the number of source bytes after each read.</param>
    /// <param name="drain">Once cancelled, reading ends at the next record.</param>
    public static ISource OpenFile(
        FileLoadSpec spec, IReadOnlyList<InputFile> inputs, PostgresTable table, Action<long> bytesRead, CancellationToken drain)
    {
        ImmutableArray<TextTargetColumn> columns = [.. table.LoadableColumns.Select(column => new TextTargetColumn(column.Name, IsDateOrTime(column)))];
        return spec.LoadKind switch
        {
            LoadKinds.Csv => Text(Complete(new CsvSourceSettings { Inputs = inputs, TargetColumns = columns, Options = spec.Csv ?? new CsvOptions() })),
            LoadKinds.Fixed => Text(Complete(new FixedSourceSettings { Inputs = inputs, TargetColumns = columns, Options = spec.Fixed ?? new FixedOptions() })),
            LoadKinds.Copy => Text(Complete(new CopyTextSettings { Inputs = inputs, TargetColumns = columns, Options = spec.Copy ?? new CopyOptions() })),
            _ => throw new InvalidOperationException($"LOAD {spec.Kind} was bound but has no source."),
        };

        T Complete<T>(T settings)
            where T : TextSourceSettings => (T)(settings with
            {
                EncodingName = spec.EncodingName,
                Fields = spec.Fields,
                Columns = spec.Columns,
                MaxRowBytes = spec.Options.MaxRowBytes,
                CompileExpression = (column, names) => ExpressionCompiler.Compile(column.Using!, names, spec.Text), // called for computed columns only
                CompileDateFormat = template => Format(template),
                BytesRead = bytesRead,
                Drain = drain,
            });
    }

    /// <summary>The source of a database load, at one point in time.</summary>
    /// <param name="spec">A command whose source is built.</param>
    /// <param name="readers">How many tables are to be read side by side; there may be fewer.</param>
    /// <param name="environment">Variables that complete the address of a server.</param>
    /// <param name="logger">Takes connection messages.</param>
    /// <param name="time">Waits.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">It cannot be opened.</exception>
    public static async Task<IDatabaseSource> OpenDatabaseAsync(
        DatabaseLoadSpec spec, int readers, Func<string, string?> environment, ILogger logger, TimeProvider time, CancellationToken ct) => spec.LoadKind switch
        {
            LoadKinds.Sqlite when spec.File is { } file => await SqliteSource.OpenAsync(file, readers, ct).ConfigureAwait(false),
            LoadKinds.Postgres => await OpenServerAsync(spec, readers, environment, logger, time, ct).ConfigureAwait(false),
            LoadKinds.MySql => await MySqlSource.OpenAsync(spec, readers, environment, logger, ct).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"LOAD {spec.Kind} was bound but has no source."),
        };

    /// <summary>The files that the settings are about.</summary>
    internal static TextSource Text(TextSourceSettings settings) => new(settings, settings switch
    {
        CsvSourceSettings csv => new CsvFormat(csv),
        FixedSourceSettings fixedWidth => new FixedFormat(fixedWidth),
        CopyTextSettings copy => new CopyTextFormat(copy),
        _ => throw new InvalidOperationException($"{settings.GetType().Name} has no format."),
    });

    /// <summary>Columns of a written list that take a field which the written field list has not.</summary>
    public static IEnumerable<(ColumnSpec Column, string Message, string? Hint)> UnresolvedColumns(
        ImmutableArray<FieldSpec> fields, ImmutableArray<ColumnSpec> columns) => FieldLayout.Unresolved(fields, columns);

    // Servers of one protocol and one scheme: what it is shows when it is asked.
    private static async Task<IDatabaseSource> OpenServerAsync(
        DatabaseLoadSpec spec, int readers, Func<string, string?> environment, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var connector = Connector(spec, environment, logger, time);
        try
        {
            return RedshiftSession.Recognizes(await connector.AskVersionAsync(ct).ConfigureAwait(false))
                ? new RedshiftSource(new RedshiftSession(connector, logger), new RedshiftSourceContext(spec.Options, readers, environment, logger, time))
                : await PostgresSource.OpenAsync(connector, spec, readers, ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await connector.DisposeAsync().ConfigureAwait(false);
            if (e is TargetException refused)
            {
                throw new SourceException($"The source: {refused.Message}", refused.Hint, refused);
            }

            throw;
        }
    }

    private static PostgresConnector Connector(DatabaseLoadSpec spec, Func<string, string?> environment, ILogger logger, TimeProvider time)
    {
        try
        {
            return new PostgresConnector(ConnectionResolver.Resolve(spec.Source, new ConnectionEnvironment { Variable = environment }), [], logger, time,
                version => RedshiftSession.Recognizes(version) ? RedshiftSession.PrepareAsync : null);
        }
        catch (TargetException e)
        {
            throw new SourceException($"The source: {e.Message}", e.Hint, e);
        }
    }

    private static Transform Format(string template) =>
        DateFormat.TryParse(template, out var format, out var fault) ? format.Apply : throw new InvalidOperationException(fault.Message);

    private static bool IsDateOrTime(PostgresColumn column) =>
        column.BinaryType is BinaryType.Date or BinaryType.Time or BinaryType.Timestamp or BinaryType.TimestampTz || column.TypeName.StartsWith("time", StringComparison.Ordinal);
}
