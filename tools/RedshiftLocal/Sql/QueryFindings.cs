using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>What a statement touches: whether it runs on the leader node or on compute nodes follows from it.</summary>
internal sealed class QueryFindings(SessionFacts facts)
{
    /// <summary>Catalog tables that pgloader joins with a table of its own; views that call functions of the leader node are not among them.</summary>
    private static readonly FrozenSet<string> PlainCatalogs = FrozenSet.ToFrozenSet(
    [
        "pg_class", "pg_namespace", "pg_attribute", "pg_attrdef", "pg_type", "pg_constraint", "pg_index", "pg_description", "pg_database", "pg_proc",
        "pg_depend", "pg_group", "pg_user", "pg_user_info", "pg_class_info", "pg_attribute_info", "pg_database_info",
    ]);

    private static readonly string[] SystemPrefixes = ["stl_", "stv_", "svl_", "svv_", "svcs_", "sys_"];

    private readonly List<string> _leaderOnly = [];
    private bool _hasUserTables;
    private bool _hasSystemTables;
    private bool _hasTarget;
    private bool _hasCatalogTables;
    private bool _hasCatalogViews;
    private string? _userTablesOnly;
    private string? _arrayCast;

    /// <summary>The statement needs compute nodes.</summary>
    public bool NeedsComputeNodes => _hasUserTables || _hasSystemTables;

    /// <summary>Takes note of a relation and says in which schema the backing server has it; null means: as written.</summary>
    public string? Relation(QualifiedName relation)
    {
        switch (relation.Schema)
        {
            case "information_schema":
                _hasCatalogViews = true;
                return "rs_information_schema";
            case "pg_catalog":
            case null when relation.Name.StartsWith("pg_", StringComparison.Ordinal) || IsSystem(relation.Name):
                return Catalog(relation.Name);
            default:
                _hasUserTables = true;
                return null;
        }
    }

    /// <summary>Takes note of a table that is written.</summary>
    public void Target()
    {
        _hasUserTables = true;
        _hasTarget = true;
    }

    public void LeaderOnly(string signature)
    {
        if (!_leaderOnly.Contains(signature))
        {
            _leaderOnly.Add(signature);
        }
    }

    /// <summary>Takes note of a function that needs a user table: LISTAGG, MEDIAN, PERCENTILE_CONT.</summary>
    public void UserTablesOnly(string function) => _userTablesOnly = function;

    /// <summary>Takes note of a cast to an array, which 8.0 makes of literals only.</summary>
    public void ArrayCast(string type) => _arrayCast = type;

    /// <summary>Raises the refusals that depend on the statement as a whole.</summary>
    public void Check()
    {
        if ((_hasUserTables || _hasSystemTables) && _leaderOnly.Count > 0)
        {
            throw _leaderOnly is [var only] && only.StartsWith("substr(", StringComparison.Ordinal)
                ? Refusals.Unsupported("SUBSTR() function is not supported (Hint: use SUBSTRING instead)")
                : Refusals.OnTablesWith(_leaderOnly);
        }

        if (_arrayCast is not null)
        {
            throw new Protocol.ServerException("42846", $"cannot cast to type {_arrayCast}");
        }

        if (_hasUserTables && (_hasCatalogViews || (_hasTarget && _hasCatalogTables)))
        {
            throw Refusals.OnTablesWith([]);
        }

        if (_userTablesOnly is not null && !_hasUserTables && !_hasSystemTables)
        {
            throw Refusals.Unsupported("One or more of the used functions must be applied on at least one user created tables. "
                + "Examples of user table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc");
        }
    }

    private static bool IsSystem(string name) => SystemPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private string Catalog(string name)
    {
        if (!IsSystem(name))
        {
            _hasCatalogTables = _hasCatalogTables || PlainCatalogs.Contains(name);
            _hasCatalogViews = _hasCatalogViews || !PlainCatalogs.Contains(name);
            return "rs_catalog";
        }

        if (facts.Serverless && (name.StartsWith("stl_", StringComparison.Ordinal) || name.StartsWith("stv_", StringComparison.Ordinal)
            || name.StartsWith("svl_", StringComparison.Ordinal)))
        {
            throw new Protocol.ServerException("42501", $"permission denied for relation {name}");
        }

        _hasSystemTables = true;
        return "rs_catalog";
    }
}
