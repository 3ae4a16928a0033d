using RedshiftLocal.Copy.Values;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Reads what follows the source: authorization, format and parameters, in any order and each at most once.</summary>
internal sealed class CopyOptionReader(TokenCursor cursor)
{
    private readonly OptionSet _options = new();
    private readonly List<string> _uncovered = [];
    private RecordFormat _records = new();
    private ValueOptions _values = new();
    private readonly AuthorizationReader _authorization = new(cursor);
    private string? _region;
    private CopyCompression _compression;
    private CopyEncoding _encoding;
    private byte? _delimiter;
    private long _maxErrors = 1;
    private bool _statUpdateGiven;

    public void ReadOne()
    {
        var word = cursor.Word();
        switch (word)
        {
            case "format":
                cursor.AcceptWord("as");
                Format(cursor.Word());
                break;
            case "as":
                Format(cursor.Word());
                break;
            case "with":
                cursor.ExpectWord("credentials");
                _authorization.Read("credentials");
                break;
            default:
                if (!_authorization.Read(word) && !Conversion(word) && !Load(word))
                {
                    Format(word);
                }

                break;
        }
    }

    public CopyCommand Complete(CopyCommand command)
    {
        CheckConflicts();
        var csv = _options.Has("csv");
        return command with
        {
            Authorization = _authorization.Complete(),
            Manifest = _options.Has("manifest"),
            Region = _region,
            Compression = _compression,
            Encoding = _encoding,
            Records = _records with { Csv = csv, Delimiter = _delimiter ?? (byte)(csv ? ',' : '|') },
            Values = _values,
            ExplicitIds = _options.Has("explicit_ids"),
            MaxErrors = _options.Has("ignoreallerrors") ? long.MaxValue : Math.Max(1, _maxErrors),
            NoLoad = _options.Has("noload"),
            StatUpdateGiven = _statUpdateGiven,
        };
    }

    private void Format(string word)
    {
        switch (word)
        {
            case "csv":
                _options.Add("csv");
                _options.Add("data format");
                break;
            case "fixedwidth":
                _options.Add(word);
                _options.Add("data format");
                cursor.AcceptWord("as");
                _records = _records with { Widths = OptionText.Widths(cursor.Text()) };
                break;
            case "json":
                _options.Add(word);
                _options.Add("data format");
                cursor.AcceptWord("as");
                _records = _records with { Json = cursor.NextIsText() ? Mapping(cursor.Text()) : new JsonMapping(JsonMappingKind.Auto) };
                break;
            case "avro":
                _options.Add(word);
                _options.Add("data format");
                cursor.AcceptWord("as");
                if (cursor.NextIsText())
                {
                    cursor.Text();
                }

                _uncovered.Add("COPY of AVRO");
                break;
            case "parquet" or "orc" or "shapefile":
                throw NotCovered.Of($"COPY of {word.ToUpperInvariant()}");
            default:
                throw cursor.UnexpectedPrevious();
        }
    }

    private static JsonMapping Mapping(string text) =>
        JsonMapping.Parse(text) ?? throw new ServerException("22023", "JSON must be 'auto', 'auto ignorecase', 'noshred' or the S3 path of a JSONPaths file");

    private bool Conversion(string word)
    {
        switch (word)
        {
            case "delimiter":
                _options.Add(word);
                cursor.AcceptWord("as");
                _delimiter = OptionText.SingleCharacter("DELIMITER", cursor.RawText());
                return true;
            case "quote":
                _options.Add(word);
                cursor.AcceptWord("as");
                _records = _records with { Quote = OptionText.SingleCharacter("QUOTE", cursor.RawText()) };
                return true;
            case "null":
                _options.Add(word);
                cursor.AcceptWord("as");
                var marker = OptionText.NullMarker(cursor.RawText());
                _values = _values with { NullMarker = marker };
                _records = _records with { NulAllowed = marker is [0] };
                return true;
            case "dateformat":
                _values = _values with { DateFormat = DateTimeFormats.CheckDate(OnceText(word)) };
                return true;
            case "timeformat":
                _values = _values with { TimeFormat = DateTimeFormats.CheckTime(OnceText(word)) };
                return true;
            case "acceptinvchars":
                _options.Add(word);
                var written = cursor.AcceptWord("as") || cursor.NextIsText();
                _values = _values with
                {
                    InvalidCharacter = written ? OptionText.SingleCharacter("ACCEPTINVCHARS", cursor.RawText()) : (byte)'?',
                };
                return true;
            case "encoding":
                _options.Add(word);
                cursor.AcceptWord("as");
                _encoding = OptionText.FileEncoding(cursor.NextIsText() ? cursor.Text() : cursor.Word());
                return true;
            case "ignoreheader":
                _records = _records with { IgnoreHeader = (int)OnceNumber(word, 0, int.MaxValue) };
                return true;
            default:
                return Flag(word);
        }
    }

    private bool Flag(string word)
    {
        switch (word)
        {
            case "emptyasnull":
                _values = _values with { EmptyAsNull = true };
                break;
            case "blanksasnull":
                _values = _values with { BlanksAsNull = true };
                break;
            case "acceptanydate":
                _values = _values with { AcceptAnyDate = true };
                break;
            case "fillrecord":
                _values = _values with { FillRecord = true };
                break;
            case "roundec":
                _values = _values with { RoundDecimals = true };
                break;
            case "trimblanks":
                _values = _values with { TrimBlanks = true };
                break;
            case "truncatecolumns":
                _values = _values with { TruncateColumns = true };
                break;
            case "ignoreblanklines":
                _records = _records with { IgnoreBlankLines = true };
                break;
            case "removequotes":
                _records = _records with { RemoveQuotes = true };
                break;
            case "explicit_ids" or "manifest" or "noload" or "ignoreallerrors":
                break;
            case "escape":
                _records = _records with { Escape = true };
                break;
            case "encrypted":
                _uncovered.Add("Client-side encryption (ENCRYPTED)");
                break;
            default:
                return false;
        }

        _options.Add(word);
        return true;
    }

    private bool Load(string word)
    {
        switch (word)
        {
            case "region":
                _region = OnceText(word);
                return true;
            case "gzip":
                Compression(CopyCompression.Gzip);
                return true;
            case "zstd":
                Compression(CopyCompression.Zstd);
                return true;
            case "bzip2":
                Compression(CopyCompression.Bzip2);
                return true;
            case "lzop":
                Compression(CopyCompression.None);
                _uncovered.Add("COPY of LZOP files");
                return true;
            case "maxerror":
                _maxErrors = OnceNumber(word, 0, 100_000);
                return true;
            case "comprows":
                OnceNumber(word, 1000, int.MaxValue);
                return true;
            case "compupdate":
                _options.Add(word);
                _ = cursor.AcceptWord("preset") || OnOff();
                return true;
            case "statupdate":
                _options.Add(word);
                _statUpdateGiven = OnOff();
                return true;
            case "ssh" or "readratio":
                throw NotCovered.Of($"COPY with {word.ToUpperInvariant()}");
            default:
                return false;
        }
    }

    private bool OnOff() => cursor.AcceptWord("on") || cursor.AcceptWord("true") || cursor.AcceptWord("off") || cursor.AcceptWord("false");

    private void Compression(CopyCompression compression)
    {
        _options.Add("compression");
        _compression = compression;
    }

    /// <summary>The incompatible pairs of https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html</summary>
    private void CheckConflicts()
    {
        _options.Exclude("csv", "escape", "fixedwidth", "removequotes");
        _options.Exclude("fixedwidth", "delimiter", "escape", "quote", "removequotes");
        _options.Exclude("json", "delimiter", "escape", "fillrecord", "ignoreblanklines", "null", "removequotes", "ignoreheader");
        _options.Exclude("avro", "delimiter", "escape", "fillrecord", "ignoreblanklines", "null", "removequotes");
        _options.Exclude("maxerror", "ignoreallerrors");
        if (_options.Has("quote") && !_options.Has("csv"))
        {
            throw new ServerException("0A000", "QUOTE can be used with CSV only");
        }

        if (_options.Has("fixedwidth") && _encoding != CopyEncoding.Utf8)
        {
            throw new ServerException("0A000", "FIXEDWIDTH data must be in UTF-8");
        }

        if (_options.Has("csv") && _delimiter == _records.Quote)
        {
            throw new ServerException("22023", "DELIMITER and QUOTE must be different");
        }

        if (_uncovered.Count > 0)
        {
            throw NotCovered.Of(_uncovered[0]);
        }

        if (_authorization.HasSymmetricKey)
        {
            throw NotCovered.Of("Client-side encryption (MASTER_SYMMETRIC_KEY)");
        }
    }

    private string OnceText(string option)
    {
        _options.Add(option);
        cursor.AcceptWord("as");
        return cursor.Text();
    }

    private long OnceNumber(string option, long lowest, long highest)
    {
        _options.Add(option);
        cursor.AcceptWord("as");
        return cursor.Number(option.ToUpperInvariant(), lowest, highest);
    }
}
