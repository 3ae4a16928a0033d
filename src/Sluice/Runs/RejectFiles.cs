using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>
/// The reject files of one table: <c>.dat</c> (COPY text, loadable as it is), <c>.raw</c> (source bytes of records that never became
/// rows), <c>.log</c> (why, for people) and <c>.jsonl</c> (where and why, pointing into the other two). Thread-safe; created when first needed.
/// </summary>
/// <param name="directory">Where they are.</param>
/// <param name="basePath">Their names without extension.</param>
/// <param name="counter">Counts the rejects, and says when they are too many.</param>
/// <param name="inputLabel">What a user knows an input by.</param>
/// <param name="key">The key of the table's rows; null: it has none.</param>
public sealed class RejectFiles(RejectDirectory directory, string basePath, RejectCounter counter, Func<int, string> inputLabel, RejectKey? key = null)
    : IBatchRejects, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private FileStream? _dat;
    private FileStream? _raw;
    private FileStream? _log;
    private FileStream? _jsonl;

    /// <summary>The files that exist, absolute.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_gate)
            {
                return [.. new[] { _dat, _raw, _log, _jsonl }.OfType<FileStream>().Select(file => file.Name)];
            }
        }
    }

    public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            counter.ThrowIfStopped();
            Write(ref _raw, ".raw", "raw", rejection, source);
            Count(rejection);
        }
    }

    public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText)
    {
        lock (_gate)
        {
            counter.ThrowIfStopped();
            Write(ref _dat, ".dat", "dat", rejection, copyText);
            Count(rejection);
        }
    }

    /// <summary>Hands everything written so far to the operating system: called before the commit that counts the rejects.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            ForEachOpen(file => file.Flush());
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            ForEachOpen(file =>
            {
                file.Flush(flushToDisk: true);
                file.Dispose();
            });
        }
    }

    private void Count(Rejection rejection) => counter.Add(Reason(rejection), Where(rejection.Origin));

    // Rows that fail in the same way count as one reason: what follows the first line and the value, which the server quotes last, are left out.
    private static string Reason(Rejection rejection)
    {
        var message = rejection.Message.Split('\n')[0];
        var value = message.IndexOf(": \"", StringComparison.Ordinal);
        if (value > 0 && rejection.SqlState?.StartsWith("22", StringComparison.Ordinal) == true)
        {
            message = message[..value];
        }

        return rejection.Column is null || message.Contains($"\"{rejection.Column}\"", StringComparison.Ordinal)
            ? message
            : $"column {Identifier.Display(rejection.Column)}: {message}";
    }

    private string Where(RowOrigin origin) => $"{inputLabel(origin.Input)}:{origin.Line}";

    private void Write(ref FileStream? data, string extension, string kind, Rejection rejection, ReadOnlySpan<byte> bytes)
    {
        try
        {
            data ??= directory.Open(basePath + extension);
            _log ??= directory.Open(basePath + ".log");
            _jsonl ??= directory.Open(basePath + ".jsonl");
            var offset = data.Position;
            var keys = rejection.Key ?? key?.Read(bytes) ?? [];
            data.Write(bytes);
            _log.Write(Encoding.UTF8.GetBytes(LogText(rejection, keys)));
            WriteJson(rejection, keys, kind, offset, bytes.Length);
            _jsonl.Write(_json.WrittenSpan);
        }
        catch (IOException e)
        {
            throw RejectDirectory.CannotWrite(basePath + extension, e);
        }
    }

    private string LogText(Rejection rejection, IReadOnlyList<(string Name, string? Value)> keys)
    {
        var text = new StringBuilder();
        text.Append(Where(rejection.Origin));
        if (keys.Count > 0)
        {
            text.Append(" (").AppendJoin(", ", keys.Select(pair => $"{Identifier.Display(pair.Name)} = {pair.Value ?? "NULL"}")).Append(')');
        }

        text.Append(": ");
        text.Append(rejection.SqlState is null ? StageName(rejection.Stage) : $"server {rejection.SqlState}").Append(": ");
        if (rejection.Column is not null)
        {
            text.Append("column ").Append(rejection.Column).Append(": ");
        }

        text.Append(rejection.Message.Replace("\n", ". ", StringComparison.Ordinal));
        if (rejection.Detail is not null)
        {
            text.Append(" (").Append(rejection.Detail).Append(')');
        }

        return Printable.Escape(text.ToString()) + "\n";
    }

    private void WriteJson(Rejection rejection, IReadOnlyList<(string Name, string? Value)> keys, string kind, long offset, int length)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("file", inputLabel(rejection.Origin.Input));
            json.WriteNumber("line", rejection.Origin.Line);
            if (rejection.Origin.ByteOffset >= 0)
            {
                json.WriteNumber("offset", rejection.Origin.ByteOffset);
            }

            if (keys.Count > 0)
            {
                json.WriteStartObject("key");
                foreach (var (name, value) in keys)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteString("stage", StageName(rejection.Stage));
            WriteOptional(json, "sqlstate", rejection.SqlState);
            WriteOptional(json, "column", rejection.Column);
            json.WriteString("message", rejection.Message);
            WriteOptional(json, "detail", rejection.Detail);
            json.WriteString("in", kind);
            json.WriteNumber("at", offset);
            json.WriteNumber("length", length);
            json.WriteEndObject();
        }

        _json.Write("\n"u8);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string StageName(RejectStage stage) => stage switch
    {
        RejectStage.Parse => "parse",
        RejectStage.Encoding => "encoding",
        RejectStage.Project => "project",
        RejectStage.Transform => "transform",
        _ => "server",
    };

    private void ForEachOpen(Action<FileStream> action)
    {
        foreach (var file in new[] { _dat, _raw, _log, _jsonl })
        {
            try
            {
                if (file is not null)
                {
                    action(file);
                }
            }
            catch (IOException e)
            {
                throw RejectDirectory.CannotWrite(basePath, e);
            }
        }
    }
}
