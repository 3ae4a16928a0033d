using System.Collections.Immutable;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>What follows the columns of CREATE TABLE. See the guide's page "CREATE TABLE".</summary>
internal sealed class TableAttributes
{
    private const int MaxCompound = 400;
    private const int MaxInterleaved = 8;

    public bool Backup { get; private set; } = true;

    public string? DistStyle { get; private set; }

    public string? DistKey { get; set; }

    public string? SortStyle { get; set; }

    public ImmutableArray<string> SortKey { get; set; } = [];

    /// <summary>DISTSTYLE as it comes out.</summary>
    public string EffectiveDistStyle => DistStyle ?? (DistKey is null ? "AUTO" : "KEY");

    /// <summary>Something was written.</summary>
    public bool Any { get; private set; }

    public bool EncodeAuto { get; private set; }

    public static void CheckSortKey(ImmutableArray<string> columns, bool interleaved)
    {
        var max = interleaved ? MaxInterleaved : MaxCompound;
        if (columns.Length > max)
        {
            throw new ServerException("54011", $"sort key can have at most {max} columns");
        }

        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length)
        {
            throw new ServerException("42701", "column specified more than once in sort key");
        }
    }

    /// <summary>Reads attributes as long as there are any; BACKUP comes first.</summary>
    public void Read(TokenReader reader)
    {
        if (reader.Accept("backup"))
        {
            Any = true;
            Backup = reader.Accept("yes") || (reader.Accept("no") ? false : throw reader.Unexpected());
        }

        while (!reader.AtEnd && !reader.IsWord("as"))
        {
            var at = reader.Position;
            if (!ReadOne(reader, at))
            {
                return;
            }

            Any = true;
        }
    }

    /// <summary>Refuses what contradicts itself.</summary>
    public void Check()
    {
        if (DistKey is not null && DistStyle is not (null or "KEY"))
        {
            throw new ServerException("42P16", $"DISTKEY column cannot be specified for a table with DISTSTYLE {DistStyle}");
        }

        if (DistStyle is "KEY" && DistKey is null)
        {
            throw new ServerException("42P16", "DISTSTYLE KEY requires a DISTKEY column");
        }
    }

    private bool ReadOne(TokenReader reader, int at)
    {
        if (reader.Accept("diststyle"))
        {
            Once(reader, at, DistStyle is not null);
            DistStyle = reader.IsAnyWord("auto", "even", "key", "all") ? reader.Peek().Value.ToUpperInvariant() : throw reader.Unexpected();
            reader.Position++;
        }
        else if (reader.Accept("distkey"))
        {
            Once(reader, at, DistKey is not null);
            var columns = reader.NameList();
            DistKey = columns is [var only] ? only : throw reader.Unexpected(at + 3);
        }
        else if (reader.IsAnyWord("compound", "interleaved", "sortkey"))
        {
            var interleaved = reader.Accept("interleaved");
            var plain = !interleaved && !reader.Accept("compound");
            reader.Expect("sortkey");
            Once(reader, at, SortStyle is not null || SortKey.Length > 0);
            if (plain && reader.Accept("auto"))
            {
                SortStyle = "AUTO";
                return true;
            }

            SortKey = reader.NameList();
            SortStyle = interleaved ? "INTERLEAVED" : "COMPOUND";
            CheckSortKey(SortKey, interleaved);
        }
        else if (reader.Accept("encode"))
        {
            Once(reader, at, EncodeAuto);
            reader.Expect("auto");
            EncodeAuto = true;
        }
        else
        {
            return false;
        }

        return true;
    }

    private static void Once(TokenReader reader, int at, bool given)
    {
        if (given)
        {
            throw reader.Unexpected(at);
        }
    }
}
