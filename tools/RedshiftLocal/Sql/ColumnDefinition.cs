namespace RedshiftLocal.Sql;

internal sealed record Identity(bool Always, long Seed, long Step);

/// <summary>A column of CREATE TABLE or ALTER TABLE … ADD.</summary>
internal sealed class ColumnDefinition(string name, DataType type)
{
    public string Name { get; } = name;

    public DataType Type { get; } = type;

    public string? Encoding { get; set; }

    public Identity? Identity { get; set; }

    public string? Collation { get; set; }

    public bool? NotNull { get; set; }

    /// <summary>As the backing server is told.</summary>
    public string? Default { get; set; }

    public bool IsDistributionKey { get; set; }

    public bool IsSortKey { get; set; }

    /// <summary>The column as the backing server is told.</summary>
    public string Render()
    {
        var sql = $"{Identifiers.Quote(Name)} {Type.Backing}";
        if (Identity is { } identity)
        {
            sql += string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $" GENERATED {(identity.Always ? "ALWAYS" : "BY DEFAULT")} AS IDENTITY (START WITH {identity.Seed} INCREMENT BY {identity.Step}{Bound(identity)})");
        }

        if (Default is not null)
        {
            sql += $" DEFAULT {Default}";
        }

        return NotNull is true || Identity is not null ? sql + " NOT NULL" : sql;
    }

    /// <summary>A sequence that counts down, or starts below one, needs room below.</summary>
    private static string Bound(Identity identity) => identity.Seed < 1 || identity.Step < 0 ? " MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807" : string.Empty;
}
