// hot path
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Data.Sqlite;
using Sluice.Catalog;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Steps through a table and measures its values in the spelling in which they would be loaded.</summary>
internal sealed class SqliteMeasuring
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Tally[] _tallies;
    private readonly byte[] _number = new byte[64];

    private SqliteMeasuring(sqlite3 database, sqlite3_stmt statement, int columns)
    {
        _database = database;
        _statement = statement;
        _tallies = new Tally[columns];
        _tallies.AsSpan().Fill(new Tally { IsAscii = true });
    }

    /// <summary>What all values of some columns of a table are like.</summary>
    /// <exception cref="SqliteException">The table cannot be read to its end.</exception>
    public static ImmutableArray<ColumnMeasure> Read(sqlite3 database, string table, ImmutableArray<string> columns, CancellationToken ct)
    {
        sqlite3_stmt? statement = null;
        try
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, Sql(table, columns), out statement), database);
            var measuring = new SqliteMeasuring(database, statement, columns.Length);
            measuring.Read(ct);
            return measuring.Result(columns);
        }
        finally
        {
            if (statement is not null)
            {
                raw.sqlite3_finalize(statement);
            }
        }
    }

    private static string Sql(string table, ImmutableArray<string> columns) =>
        string.Concat("SELECT ", string.Join(", ", columns.AsEnumerable().Select(Identifier.Quote)), " FROM main.", Identifier.Quote(table));

    private void Read(CancellationToken ct)
    {
        int result;
        while ((result = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW)
        {
            ct.ThrowIfCancellationRequested();
            for (var i = 0; i < _tallies.Length; i++)
            {
                Add(ref _tallies[i], i);
            }
        }

        SqliteException.ThrowExceptionForRC(result, _database);
    }

    private ImmutableArray<ColumnMeasure> Result(ImmutableArray<string> columns)
    {
        var measures = ImmutableArray.CreateBuilder<ColumnMeasure>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var tally = _tallies[i];
            measures.Add(new ColumnMeasure
            {
                Column = columns[i],
                Nulls = tally.Nulls,
                Values = tally.Values,
                Empty = tally.Empty,
                MaxBytes = tally.MaxBytes,
                IsAscii = tally.IsAscii,
                IntegerDigits = tally.IntegerDigits,
                Scale = tally.Scale,
                Largest = tally.Largest,
            });
        }

        return measures.MoveToImmutable();
    }

    private void Add(ref Tally tally, int column)
    {
        switch (raw.sqlite3_column_type(_statement, column))
        {
            case raw.SQLITE_NULL:
                tally.Nulls++;
                return;
            case raw.SQLITE_INTEGER:
                var integer = raw.sqlite3_column_int64(_statement, column);
                tally.Largest = Math.Max(tally.Largest ?? integer, integer);
                Utf8Formatter.TryFormat(integer, _number, out var digits);
                Count(ref tally, _number.AsSpan(0, digits));
                return;
            case raw.SQLITE_FLOAT:
                Utf8Formatter.TryFormat(raw.sqlite3_column_double(_statement, column), _number, out var length);
                Count(ref tally, _number.AsSpan(0, length));
                return;
            default:
                // Asking for the length of text turns UTF-16 into UTF-8.
                _ = raw.sqlite3_column_bytes(_statement, column);
                Count(ref tally, raw.sqlite3_column_blob(_statement, column));
                return;
        }
    }

    private static void Count(ref Tally tally, ReadOnlySpan<byte> value)
    {
        tally.Values++;
        tally.Empty += value.IsEmpty ? 1 : 0;
        tally.MaxBytes = Math.Max(tally.MaxBytes, value.Length);
        tally.IsAscii = tally.IsAscii && Ascii.IsValid(value);
        if (value.Length <= 400)
        {
            CountDigits(ref tally, value);
        }
    }

    // [+-]digits[.digits][e[+-]digits]; what is none counts for nothing.
    private static void CountDigits(ref Tally tally, ReadOnlySpan<byte> value)
    {
        var exponent = 0;
        var e = value.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0 && (!Utf8Parser.TryParse(value[(e + 1)..], out exponent, out var used) || used != value.Length - e - 1 || Math.Abs(exponent) > 400))
        {
            return;
        }

        var digits = (e < 0 ? value : value[..e]).TrimStart("+-"u8);
        var point = digits.IndexOf((byte)'.');
        var before = point < 0 ? digits : digits[..point];
        var after = point < 0 ? default : digits[(point + 1)..];
        if ((before.IsEmpty && after.IsEmpty) || before.ContainsAnyExceptInRange((byte)'0', (byte)'9') || after.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return;
        }

        tally.IntegerDigits = Math.Max(tally.IntegerDigits, before.TrimStart((byte)'0').Length + exponent);
        tally.Scale = Math.Max(tally.Scale, after.TrimEnd((byte)'0').Length - exponent);
    }

    private struct Tally
    {
        public long Nulls;
        public long Values;
        public long Empty;
        public long MaxBytes;
        public bool IsAscii;
        public int IntegerDigits;
        public int Scale;
        public long? Largest;
    }
}
