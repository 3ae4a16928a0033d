using System.Collections.Immutable;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Unload.Commands;

/// <summary>Reads what follows the target: authorization, format and options, in any order and each at most once.</summary>
internal sealed class UnloadOptionReader(TokenCursor cursor, bool caseSensitive)
{
    public const long LargestFileSize = 6_200 * Megabyte;

    private const long Megabyte = 1 << 20;

    private readonly OptionSet _options = new();
    private readonly AuthorizationReader _authorization = new(cursor);
    private UnloadCommand _command = new() { Target = new S3Location("", ""), Authorization = CopyRole.Default };
    private byte? _delimiter;
    private bool _automaticKey;

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
                if (!_authorization.Read(word) && !Text(word) && !Files(word) && !Encryption(word))
                {
                    Format(word);
                }

                break;
        }
    }

    public UnloadCommand Complete(S3Location target)
    {
        CheckConflicts();
        var authorization = _authorization.Complete();
        CheckEncryption();
        if (_authorization.HasSymmetricKey)
        {
            throw NotCovered.Of("Client-side encryption (MASTER_SYMMETRIC_KEY)");
        }

        if (_options.Has("parquet"))
        {
            throw NotCovered.Of("UNLOAD to PARQUET");
        }

        return _command with
        {
            Target = target,
            Authorization = authorization,
            Delimiter = _delimiter ?? (byte)(_command.Format == UnloadFormat.Csv ? ',' : '|'),
        };
    }

    private void Format(string word)
    {
        _command = _command with
        {
            Format = word switch
            {
                "csv" => UnloadFormat.Csv,
                "json" => UnloadFormat.Json,
                "parquet" => _command.Format,
                _ => throw cursor.UnexpectedPrevious(),
            },
        };
        _options.Add(word);
        _options.Add("format");
    }

    private bool Text(string word)
    {
        switch (word)
        {
            case "header":
                _command = _command with { Header = true };
                break;
            case "addquotes":
                _command = _command with { AddQuotes = true };
                break;
            case "escape":
                _command = _command with { Escape = true };
                break;
            case "delimiter":
                cursor.AcceptWord("as");
                _delimiter = OptionText.SingleCharacter("DELIMITER", cursor.RawText());
                break;
            case "null":
                cursor.AcceptWord("as");
                _command = _command with { NullMarker = OptionText.NullMarker(cursor.RawText()) };
                break;
            case "fixedwidth":
                cursor.AcceptWord("as");
                _command = _command with { Format = UnloadFormat.FixedWidth, Widths = OptionText.Widths(cursor.Text()) };
                break;
            default:
                return false;
        }

        _options.Add(word);
        return true;
    }

    private bool Files(string word)
    {
        switch (word)
        {
            case "gzip" or "bzip2" or "zstd":
                _command = _command with
                {
                    Compression = word switch { "gzip" => CopyCompression.Gzip, "zstd" => CopyCompression.Zstd, _ => CopyCompression.Bzip2 },
                };
                _options.Add("compression");
                break;
            case "manifest":
                _command = _command with { Manifest = true, Verbose = cursor.AcceptWord("verbose") };
                break;
            case "allowoverwrite":
                _command = _command with { AllowOverwrite = true };
                break;
            case "cleanpath":
                _command = _command with { CleanPath = true };
                break;
            case "parallel":
                _command = _command with { Parallel = Switch() };
                break;
            case "maxfilesize":
                _command = _command with { LargestFile = Size("MAXFILESIZE", 5, 6_200, wholeNumbers: false) };
                break;
            case "rowgroupsize":
                Size("ROWGROUPSIZE", 32, 128, wholeNumbers: true);
                break;
            case "region":
                cursor.AcceptWord("as");
                _command = _command with { Region = cursor.Text() };
                break;
            case "extension":
                _command = _command with { Extension = cursor.Text() };
                break;
            case "partition":
                cursor.ExpectWord("by");
                _command = _command with { PartitionBy = Names(), IncludePartitions = cursor.AcceptWord("include") };
                break;
            default:
                return false;
        }

        _options.Add(word);
        return true;
    }

    private bool Encryption(string word)
    {
        switch (word)
        {
            case "encrypted":
                _automaticKey = cursor.AcceptWord("auto");
                break;
            case "kms_key_id":
                cursor.AcceptWord("as");
                _command = _command with { KmsKey = cursor.Text() };
                break;
            default:
                return false;
        }

        _options.Add(word);
        return true;
    }

    private bool Switch()
    {
        if (cursor.AcceptWord("off") || cursor.AcceptWord("false"))
        {
            return false;
        }

        _ = cursor.AcceptWord("on") || cursor.AcceptWord("true");
        return true;
    }

    private long Size(string option, long least, long most, bool wholeNumbers)
    {
        cursor.AcceptWord("as");
        var number = cursor.Decimal();
        var megabytes = cursor.AcceptWord("gb") ? number * (wholeNumbers ? 1024 : 1000) : number;
        cursor.AcceptWord("mb");
        if (megabytes < least || megabytes > most || (wholeNumbers && megabytes != decimal.Truncate(megabytes)))
        {
            throw new ServerException("22023", wholeNumbers
                ? $"{option} must be a whole number between {least} MB and {most} MB"
                : $"{option} must be between 5 MB and 6.2 GB");
        }

        return (long)(megabytes * Megabyte);
    }

    private ImmutableArray<string> Names()
    {
        if (!cursor.AcceptSymbol("("))
        {
            throw cursor.Unexpected();
        }

        var names = ImmutableArray.CreateBuilder<string>();
        do
        {
            var name = cursor.Name(caseSensitive);
            if (names.Contains(name))
            {
                throw new ServerException("42701", $"column \"{name}\" specified more than once");
            }

            names.Add(name);
        }
        while (cursor.AcceptSymbol(","));
        return cursor.AcceptSymbol(")") ? names.ToImmutable() : throw cursor.Unexpected();
    }

    private void CheckConflicts()
    {
        _options.Exclude("csv", "fixedwidth", "addquotes", "escape");
        _options.Exclude("fixedwidth", "delimiter", "addquotes", "escape", "header", "json", "parquet");
        _options.Exclude("parquet", "delimiter", "addquotes", "escape", "null", "header", "gzip", "bzip2", "zstd");
        _options.Exclude("json", "delimiter", "header", "addquotes", "escape", "null");
        _options.Exclude("cleanpath", "allowoverwrite");
        if (_options.Has("rowgroupsize") && !_options.Has("parquet"))
        {
            throw new ServerException("0A000", "ROWGROUPSIZE can be used with PARQUET only");
        }
    }

    /// <summary>The rules of ENCRYPTED and KMS_KEY_ID on the page of UNLOAD.</summary>
    private void CheckEncryption()
    {
        var encrypted = _options.Has("encrypted");
        var problem = (_command.KmsKey, encrypted, _authorization.HasSymmetricKey) switch
        {
            (not null, false, _) => "KMS_KEY_ID requires the ENCRYPTED option",
            (_, false, true) => "MASTER_SYMMETRIC_KEY requires the ENCRYPTED option",
            (not null, _, true) => "KMS_KEY_ID is not compatible with MASTER_SYMMETRIC_KEY",
            (not null, _, _) when _automaticKey => "KMS_KEY_ID is not compatible with ENCRYPTED AUTO",
            (_, _, true) when _automaticKey => "MASTER_SYMMETRIC_KEY is not compatible with ENCRYPTED AUTO",
            (not null, _, _) when _authorization.IsString => "KMS_KEY_ID is not compatible with CREDENTIALS",
            (null, true, false) when !_automaticKey => "ENCRYPTED requires KMS_KEY_ID or MASTER_SYMMETRIC_KEY",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ServerException("0A000", problem);
        }
    }
}
