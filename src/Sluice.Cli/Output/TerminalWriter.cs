using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Cli.Output;

/// <summary>
/// Standard output or error as the rest of the program sees it: control characters other than newline and tab are shown, not sent,
/// and nothing more is written once that failed. A load does not die because nobody reads its messages.
/// </summary>
internal sealed class TerminalWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly TextWriter _inner;
    private Exception? _failure;

    public TerminalWriter(TextWriter inner)
    {
        _inner = inner;
        CoreNewLine = ['\n'];
    }

    /// <summary>Why not everything was written; null while all was. A pipe whose reader went away is no failure.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    public override Encoding Encoding => _inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value) => WriteRaw(Printable.Escape(value ?? "", keepTabs: true, keepNewlines: true));

    public override void Flush() => Guard(_inner.Flush);

    /// <summary>Text of our own that holds escape sequences: colours.</summary>
    public void WriteRaw(string text) => Guard(() =>
    {
        _inner.Write(text);
        _inner.Flush();
    });

    private void Guard(Action action)
    {
        lock (_gate)
        {
            try
            {
                if (_failure is null)
                {
                    action();
                }
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // UnauthorizedAccessException: the descriptor was closed before the program started.
                _failure = fault;
            }
        }
    }
}
