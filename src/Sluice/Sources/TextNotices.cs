using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;

namespace Sluice.Sources;

/// <summary>What a user should know though every row was read: records of another width, guesses, fields that went nowhere. Thread-safe.</summary>
public sealed class TextNotices
{
    private readonly Lock _gate = new();
    private readonly List<string> _texts = [];
    private WidthWords _words = WidthWords.Fields;
    private WidthCount _missing;
    private WidthCount _extra;
    private WidthCount _empty;

    /// <summary>Records that had fewer fields than expected; the missing ones were NULL.</summary>
    public long MissingFields
    {
        get
        {
            lock (_gate)
            {
                return _missing.Count;
            }
        }
    }

    /// <summary>Records that had more fields than expected; the extra ones were ignored.</summary>
    public long ExtraFields
    {
        get
        {
            lock (_gate)
            {
                return _extra.Count;
            }
        }
    }

    /// <summary>All notices as sentences, in a fixed order.</summary>
    public ImmutableArray<string> Texts
    {
        get
        {
            lock (_gate)
            {
                var all = ImmutableArray.CreateBuilder<string>();
                all.AddRange(_texts);
                AddWidth(all, _missing, _words, _words.Missing);
                AddWidth(all, _extra, _words, _words.Extra);
                AddEmptyLines(all, _empty);
                return all.ToImmutable();
            }
        }
    }

    internal void Add(string text)
    {
        lock (_gate)
        {
            if (!_texts.Contains(text))
            {
                _texts.Add(text);
            }
        }
    }

    internal void AddWidths(WidthWords words, WidthCount missing, WidthCount extra)
    {
        lock (_gate)
        {
            _words = words;
            _missing = _missing.Plus(missing);
            _extra = _extra.Plus(extra);
        }
    }

    internal void AddEmptyLines(WidthCount empty)
    {
        lock (_gate)
        {
            _empty = _empty.Plus(empty);
        }
    }

    private static void AddEmptyLines(ImmutableArray<string>.Builder all, WidthCount count)
    {
        if (count.Count > 0)
        {
            var lines = count.Count == 1 ? "1 empty line was loaded as a row" : $"{count.Count} empty lines were loaded as rows";
            all.Add($"{lines}: what begins a line is the empty string, the other fields are NULL; the first is {Printable.Escape(count.Label)}:{count.First.Line}");
        }
    }

    private static void AddWidth(ImmutableArray<string>.Builder all, WidthCount count, WidthWords words, string what)
    {
        if (count.Count > 0)
        {
            var records = count.Count == 1 ? $"1 {words.Record} {words.Has}" : $"{count.Count} {words.Record}s {words.Have}";
            all.Add($"{records} {what}; the first is {Printable.Escape(count.Label)}:{count.First.Line}"
                + $" ({count.Found}{words.Unit} instead of {count.Expected}). Use WITH strict fields to reject such {words.Record}s");
        }
    }
}

/// <summary>How records of another width than expected are spoken of.</summary>
internal sealed record WidthWords(string Record, string Has, string Have, string Missing, string Extra, string Unit = "")
{
    public static WidthWords Fields { get; } = new("record", "has", "have",
        "fewer fields than expected: the missing ones were loaded as NULL", "more fields than expected: the extra ones were ignored");

    public static WidthWords Lines { get; } = new("line", "is", "are",
        "shorter than the fields: what is not there was loaded as NULL or cut short", "longer than the fields: the rest was ignored", " characters");
}

/// <summary>How many records had a wrong number of fields, and the first of them.</summary>
internal readonly record struct WidthCount(long Count, RowOrigin First, string Label, int Found, int Expected)
{
    public WidthCount Plus(WidthCount other) =>
        Count == 0 ? other : other.Count == 0 ? this
        : (other.First.Input, other.First.Line).CompareTo((First.Input, First.Line)) < 0 ? other with { Count = Count + other.Count }
        : this with { Count = Count + other.Count };
}
