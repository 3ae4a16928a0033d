using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Values;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Which columns the fields go to, checked against the table.</summary>
internal sealed record LoadPlan(TargetTable Table, CopyCommand Command)
{
    /// <summary>One entry a field, in file order.</summary>
    public required ImmutableArray<TargetColumn> Fields { get; init; }

    /// <summary>A column left out that must have a value and has none: every record fails on it.</summary>
    public TargetColumn? MissingColumn { get; init; }

    public string CopySql =>
        $"COPY {Table.Sql} ({string.Join(", ", Fields.Select(column => SqlText.Name(column.Name)))}) FROM STDIN (FORMAT binary)";

    /// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-column-mapping.html, copy-parameters-data-conversion.html EXPLICIT_IDS</remarks>
    public static LoadPlan Create(TargetTable table, CopyCommand command)
    {
        var fields = command.Columns.IsEmpty
            ? [.. table.Columns.Where(column => column.Identity != IdentityKind.Always || command.ExplicitIds)]
            : command.Columns.Select(name => Find(table, name)).ToImmutableArray();
        var identity = table.Columns.FirstOrDefault(column => column.Identity != IdentityKind.None);
        var listed = identity is not null && fields.Contains(identity);
        if (command.ExplicitIds && !listed)
        {
            throw new ServerException("0A000", "EXPLICIT_IDS can be used only if the identity column is loaded");
        }

        if (listed && identity is { Identity: IdentityKind.Always } && !command.ExplicitIds)
        {
            throw new ServerException("0A000", "cannot set an identity column to a value");
        }

        if (fields.IsEmpty)
        {
            throw new ServerException("42601", $"COPY has no columns to load in table {table.Name}");
        }

        if (command.Records.Json is { Kind: JsonMappingKind.NoShred } && fields is not [{ Type: "super" }])
        {
            throw new ServerException("0A000", "JSON 'noshred' loads a single column of type SUPER");
        }

        if (!command.Records.Widths.IsEmpty && command.Records.Widths.Length != fields.Length)
        {
            throw new ServerException(
                "22023", string.Create(CultureInfo.InvariantCulture, $"FIXEDWIDTH has {command.Records.Widths.Length} columns, the table or column list has {fields.Length}"));
        }

        foreach (var column in fields)
        {
            // Types that cannot be loaded are found before a file is read.
            _ = LoaderFactory.Create(column, command.Values);
        }

        return new LoadPlan(table, command)
        {
            Fields = fields,
            MissingColumn = table.Columns.FirstOrDefault(
                column => column.NotNull && !column.HasDefault && column.Identity == IdentityKind.None && !fields.Contains(column)),
        };
    }

    private static TargetColumn Find(TargetTable table, string name) =>
        table.Columns.FirstOrDefault(column => column.Name == name)
        ?? throw new ServerException("42703", $"column \"{name}\" of relation \"{table.Name}\" does not exist");
}
