// hot path
using System.Collections.Immutable;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Turns records into rows. One instance serves one file at a time.</summary>
internal sealed class RowLoader
{
    private readonly ColumnLoader[] _columns;
    private readonly VarcharLoader?[] _replacing;
    private readonly ValueOptions _options;
    private readonly byte[] _marker;
    private readonly bool _nulAllowed;
    private readonly bool _trimsBlanks;
    private readonly TargetColumn? _missingColumn;

    public RowLoader(LoadPlan plan)
    {
        _columns = [.. plan.Fields.Select(column => LoaderFactory.Create(column, plan.Command.Values))];
        _options = plan.Command.Values;
        _replacing = [.. _columns.Select(column => _options.InvalidCharacter is null ? null : column as VarcharLoader)];
        _marker = _options.NullMarker.ToArray();
        _nulAllowed = plan.Command.Records.NulAllowed;
        _trimsBlanks = !plan.Command.Records.Widths.IsEmpty;
        _missingColumn = plan.MissingColumn;
        Columns = [.. _columns.Select(column => column.Column)];
    }

    /// <summary>The field of the last problem, or -1: it is the record's.</summary>
    public int ProblemField { get; private set; }

    /// <summary>The column of the last problem, or null.</summary>
    public TargetColumn? ProblemColumn { get; private set; }

    /// <summary>NULL markers met inside quotation marks, which quoting did not protect.</summary>
    public long QuotedMarkers { get; private set; }

    /// <summary>A field in which the last record had bytes replaced, or -1.</summary>
    public int ReplacedField { get; private set; } = -1;

    public ImmutableArray<TargetColumn> Columns { get; }

    /// <summary>Appends the record's row, or appends nothing and says why.</summary>
    public LoadProblem? Append(RecordSource record, RowBuffer rows)
    {
        ReplacedField = -1;
        ProblemField = -1;
        ProblemColumn = null;
        var problem = record.Problem ?? CheckCount(record);
        if (problem is not null)
        {
            return problem;
        }

        rows.BeginRow(_columns.Length);
        var present = Math.Min(record.FieldCount, _columns.Length);
        for (var i = 0; i < present; i++)
        {
            problem = AppendField(record, i, rows);
            if (problem is not null)
            {
                return Undo(problem, i, rows);
            }
        }

        for (var i = present; i < _columns.Length; i++)
        {
            problem = AppendMissing(_columns[i], rows);
            if (problem is not null)
            {
                return Undo(problem, i, rows);
            }
        }

        if (_missingColumn is not null)
        {
            Undo(LoadProblem.NotNull, -1, rows);
            ProblemColumn = _missingColumn;
            return LoadProblem.NotNull;
        }

        return null;
    }

    private LoadProblem? CheckCount(RecordSource record)
    {
        if (record.IsBlank)
        {
            return LoadProblem.EmptyLine;
        }

        if (record.FieldCount > _columns.Length)
        {
            return LoadProblem.ExtraColumns;
        }

        if (record.FieldCount < _columns.Length && !_options.FillRecord)
        {
            return record.FieldCount == 1 && !_trimsBlanks ? LoadProblem.DelimiterMissing : LoadProblem.MissingColumns;
        }

        return null;
    }

    private LoadProblem? AppendField(RecordSource record, int index, RowBuffer rows)
    {
        var column = _columns[index];
        if (record.IsNull(index, _marker))
        {
            if (record.IsQuoted(index))
            {
                QuotedMarkers++;
            }

            return AppendNull(column, rows);
        }

        var field = record.Field(index);
        if (_trimsBlanks && !column.IsText)
        {
            field = field.Trim((byte)' ');
        }

        if (_nulAllowed && field.Contains((byte)0))
        {
            return field[0] == 0 ? LoadProblem.NulNotAlone : new LoadProblem(1216, "Missing newline: Unexpected character 0x00", field.IndexOf((byte)0));
        }

        if (column.IsText)
        {
            if (field.IsEmpty ? _options.EmptyAsNull : _options.BlanksAsNull && !field.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                return AppendNull(column, rows);
            }
        }
        else if (field.IsEmpty)
        {
            return AppendNull(column, rows);
        }

        var problem = column.Append(field, rows);
        if (problem is null && _replacing[index] is { Replaced: true })
        {
            ReplacedField = index;
        }

        return problem;
    }

    /// <summary>FILLRECORD: an empty string for VARCHAR, though it is NULL for all other types.</summary>
    private LoadProblem? AppendMissing(ColumnLoader column, RowBuffer rows)
    {
        if (column is VarcharLoader && !_options.EmptyAsNull)
        {
            rows.Bytes([]);
            return null;
        }

        return AppendNull(column, rows);
    }

    private static LoadProblem? AppendNull(ColumnLoader column, RowBuffer rows)
    {
        if (column.Column.Identity != IdentityKind.None)
        {
            return new LoadProblem(1217, "Missing or invalid value for identity column");
        }

        if (column.Column.NotNull)
        {
            return LoadProblem.NotNull;
        }

        rows.Null();
        return null;
    }

    private LoadProblem Undo(LoadProblem problem, int field, RowBuffer rows)
    {
        rows.UndoRow();
        ProblemField = field;
        ProblemColumn = field < 0 ? null : _columns[field].Column;
        return problem;
    }
}
