using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Sources;

/// <summary>Which field goes to which column of one file, and what happens to it on the way.</summary>
internal sealed class FieldLayout
{
    private FieldLayout(ImmutableArray<FieldSpec> fields, ImmutableArray<LayoutColumn> columns, ImmutableArray<FieldRule?> rules)
    {
        Fields = fields;
        Columns = columns;
        Rules = rules;
        IsDirect = columns.All(c => c.Expression is null && rules[c.Field] is null);
        KeptFields = columns.Any(c => c.Expression is not null) ? fields.Length : columns.Select(c => c.Field + 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>The fields of a record, in order.</summary>
    public ImmutableArray<FieldSpec> Fields { get; }

    public ImmutableArray<LayoutColumn> Columns { get; }

    /// <summary>One for each field; null where the field goes on as it is.</summary>
    public ImmutableArray<FieldRule?> Rules { get; }

    /// <summary>True when no rule and no expression is in the way.</summary>
    public bool IsDirect { get; }

    /// <summary>Fields that a record is expected to have.</summary>
    public int ExpectedFields => Fields.Length;

    /// <summary>Fields the parser has to keep.</summary>
    public int KeptFields { get; }

    public string FieldName(int field) => Fields[field].Name;

    /// <summary>Resolves names. A header counts only when no field list was written.</summary>
    /// <exception cref="SourceException">A column names no field of this file.</exception>
    public static FieldLayout Build(TextSourceSettings settings, ImmutableArray<FieldSpec>? header, string label, TextNotices? notices)
    {
        var fields = settings.Fields.Length > 0 ? settings.Fields
            : header
            ?? [.. (settings.Columns.Length > 0 ? settings.Columns.Select(c => c.Name) : settings.TargetColumns.Select(c => c.Name)).Select(name => new FieldSpec { Name = name })];
        ImmutableArray<string> names = [.. fields.Select(f => f.Name)];
        var columns = settings.Columns.Length > 0 ? FromColumnList(settings, names, label)
            : settings.Fields.Length > 0 || header is not null ? FromNames(settings, names, label, notices)
            : [.. settings.TargetColumns.Select((c, i) => new LayoutColumn(c.Name, i))];
        return new FieldLayout(fields, columns, [.. fields.Select(field => RuleFor(settings, field))]);
    }

    /// <summary>Columns of a written column list that name no field of a written field list: errors of the command, known before any file is opened.</summary>
    public static IEnumerable<(ColumnSpec Column, string Message, string? Hint)> Unresolved(
        ImmutableArray<FieldSpec> fields, ImmutableArray<ColumnSpec> columns)
    {
        if (fields.IsEmpty)
        {
            yield break;
        }

        foreach (var column in columns.Where(c => !IsComputed(c) && !fields.Any(f => IsSame(f.Name, c.Name))))
        {
            yield return (column, $"Column {Printable.Escape(column.Name)} takes the field of the same name, and there is none",
                NearestHint(column.Name, fields.Select(f => f.Name)));
        }
    }

    private static ImmutableArray<LayoutColumn> FromColumnList(TextSourceSettings settings, ImmutableArray<string> names, string label)
    {
        var byPosition = settings.Columns.Length == names.Length && settings.Columns.Select(c => c.Name).SequenceEqual(names);
        return
        [
            .. settings.Columns.Select((column, i) => IsComputed(column)
                ? new LayoutColumn(column.Name, -1, Compile(settings, column, names))
                : new LayoutColumn(column.Name, byPosition ? i : FindField(names, column.Name, label))),
        ];
    }

    private static RowExpression Compile(TextSourceSettings settings, ColumnSpec column, ImmutableArray<string> names) =>
        settings.CompileExpression?.Invoke(column, names)
        ?? throw new InvalidOperationException("CompileExpression is needed for a column with USING");

    private static ImmutableArray<LayoutColumn> FromNames(
        TextSourceSettings settings, ImmutableArray<string> names, string label, TextNotices? notices)
    {
        ImmutableArray<LayoutColumn> columns =
        [
            .. settings.TargetColumns.Where(c => names.Any(n => IsSame(n, c.Name)))
                .Select(c => new LayoutColumn(c.Name, FindField(names, c.Name, label))),
        ];
        var source = settings.Fields.Length > 0 ? "The field list" : $"The header of {Printable.Escape(label)}";
        if (columns.IsEmpty)
        {
            throw new SourceException(
                $"{source} names no column of the table: found {List(names)}, expected some of {List(settings.TargetColumns.Select(c => c.Name))}",
                "Check the separator (fields terminated by), or write a field list and a column list");
        }

        var unused = names.Where(n => !columns.Any(c => IsSame(c.Name, n))).ToList();
        if (unused.Count > 0)
        {
            notices?.Add($"{source} names fields that are no columns of the table, or generated ones, and are ignored: {List(unused)}");
        }

        var absent = settings.TargetColumns.Where(t => !columns.Any(c => IsSame(c.Name, t.Name))).Select(t => t.Name).ToList();
        if (absent.Count > 0)
        {
            notices?.Add($"{source} does not name all columns of the table; these get their defaults: {List(absent)}");
        }

        return columns;
    }

    // An exact match wins over one that differs in case.
    private static int FindField(ImmutableArray<string> names, string column, string label)
    {
        var exact = Indexes(names, n => n.Equals(column, StringComparison.Ordinal));
        var found = exact.Count > 0 ? exact : Indexes(names, n => IsSame(n, column));
        if (found.Count == 1)
        {
            return found[0];
        }

        if (found.Count > 1)
        {
            throw new SourceException(
                $"Column {Printable.Escape(column)} could be fields {string.Join(" and ", found.Select(i => i + 1))} of {Printable.Escape(label)}: the name stands there {found.Count} times",
                "Write a field list with a name of its own for each field");
        }

        throw new SourceException(
            $"Column {Printable.Escape(column)} has no field of that name in {Printable.Escape(label)}: its fields are {List(names)}",
            NearestHint(column, names));
    }

    private static List<int> Indexes(ImmutableArray<string> names, Func<string, bool> matches) =>
        [.. Enumerable.Range(0, names.Length).Where(i => matches(names[i]))];

    private static FieldRule? RuleFor(TextSourceSettings settings, FieldSpec field)
    {
        var template = field.DateFormat;
        if (template is null && settings.DateFormat is not null && settings.TargetColumns.Any(c => c.IsDateOrTime && IsSame(c.Name, field.Name)))
        {
            template = settings.DateFormat;
        }

        var dateFormat = template is null ? null
            : settings.CompileDateFormat?.Invoke(template)
              ?? throw new InvalidOperationException("CompileDateFormat is needed for a date format");
        return FieldRule.Create(field.HasOwnNullIf ? field.NullIf : settings.NullIf, field.Trim, dateFormat);
    }

    // USING nil is the same as no USING.
    private static bool IsComputed(ColumnSpec column) =>
        column.Using is not null && column.Using is not SExpression.Symbol { Name: "nil" or "NIL" };

    private static bool IsSame(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string? NearestHint(string name, IEnumerable<string> candidates) =>
        Suggest.Nearest(name, candidates) is { } near ? $"Did you mean {Printable.Escape(near)}?" : null;

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(30).Select(n => Printable.Escape(n.Length > 80 ? n[..80] + "…" : n)));
        return all.Count > 30 ? $"{shown} and {all.Count - 30} more" : shown;
    }
}
