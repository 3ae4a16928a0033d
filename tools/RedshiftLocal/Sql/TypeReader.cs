using System.Collections.Frozen;
using System.Globalization;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>Reads type names, in column definitions and in casts. See the guide's pages "Data types" and "Unsupported PostgreSQL data types".</summary>
internal static class TypeReader
{
    private const int MaxVarchar = 65535;
    private const int MaxChar = 4096;
    private const int MaxVarbyte = 16_777_216;
    private const int DefaultVarbyte = 64_000;

    private static readonly FrozenDictionary<string, string> Plain = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["smallint"] = "smallint",
        ["int2"] = "smallint",
        ["integer"] = "integer",
        ["int"] = "integer",
        ["int4"] = "integer",
        ["bigint"] = "bigint",
        ["int8"] = "bigint",
        ["real"] = "real",
        ["float4"] = "real",
        ["float8"] = "double precision",
        ["boolean"] = "boolean",
        ["bool"] = "boolean",
        ["date"] = "date",
        ["super"] = "super",
        ["timestamptz"] = "timestamp with time zone",
        ["timetz"] = "time with time zone",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Types of 8.0 that the leader node has and user tables may not.</summary>
    private static readonly FrozenSet<string> LeaderTypes = Set("""
        name char oid regclass regproc regprocedure regoper regoperator regtype bytea inet cidr macaddr money bit varbit point line lseg
        box path polygon circle int2vector oidvector xid cid tid abstime reltime tinterval aclitem refcursor record anyarray unknown cstring
        _text _int2 _int4 _int8 _varchar _name _oid _aclitem
        """);

    private static readonly FrozenSet<string> UnsupportedTypes = Set("""
        serial bigserial serial4 serial8 smallserial serial2 uuid json jsonb xml tsvector tsquery hstore int4range int8range numrange tsrange
        tstzrange daterange txid_snapshot macaddr8 pg_lsn regrole regnamespace regconfig regdictionary enum
        """);

    private static readonly FrozenSet<string> NotCoveredTypes = Set("geometry geography hllsketch");

    /// <summary>True if a word can be the start of a type's name that is known here.</summary>
    public static bool IsKnown(string word) =>
        Plain.ContainsKey(word) || LeaderTypes.Contains(word) || UnsupportedTypes.Contains(word) || NotCoveredTypes.Contains(word)
        || word is "varchar" or "nvarchar" or "text" or "bpchar" or "nchar" or "character" or "national" or "numeric" or "decimal" or "float"
            or "double" or "timestamp" or "time" or "interval" or "varbyte" or "varbinary" or "binary";

    /// <summary>True if the word is a type that no cast can name.</summary>
    public static bool IsAbsent(string word) => UnsupportedTypes.Contains(word) && !LeaderTypes.Contains(word);

    /// <summary>Reads a type at the reader's position; 42704 if there is none of that name.</summary>
    public static DataType Read(TokenReader reader)
    {
        var start = reader.Position;
        if (reader.IsWord("pg_catalog") && reader.IsSymbol(".", 1))
        {
            reader.Position += 2;
        }

        var token = reader.Peek();
        if (reader.AtEnd || token.Kind is not (TokenKind.Word or TokenKind.QuotedName))
        {
            throw reader.Unexpected();
        }

        reader.Position++;
        if (token.Kind is TokenKind.QuotedName && token.Value is "char")
        {
            return Suffixed(reader, new DataType("char", "\"char\"", "\"char\"", TypeRank.Leader) { Base = "char" });
        }

        var word = Identifiers.Name(token, reader.Facts);
        if (reader.IsSymbol("."))
        {
            reader.Position = start;
            throw Refusals.NoType(word);
        }

        return Suffixed(reader, Named(reader, word));
    }

    private static DataType Named(TokenReader reader, string word)
    {
        if (Plain.TryGetValue(word, out var plain))
        {
            return User(plain, word, plain is "super" ? "rs_catalog.super" : plain);
        }

        switch (word)
        {
            case "varchar" or "nvarchar":
                return Varchar(reader, word);
            case "text":
                return reader.IsSymbol("(") ? throw reader.Unexpected() : User("character varying(256)", word, "character varying(256)", "character varying") with { IsBare = true };
            case "bpchar":
                return Char(reader, word, 256);
            case "nchar":
                return Char(reader, word, 1);
            case "char" or "character":
                return reader.Accept("varying") ? Varchar(reader, "character varying") : Char(reader, word, 1);
            case "national" when reader.Accept("character") || reader.Accept("char"):
                return reader.Accept("varying") ? Varchar(reader, "national character varying") : Char(reader, "national character", 1);
            case "numeric" or "decimal":
                return Numeric(reader, word);
            case "double":
                reader.Expect("precision");
                return User("double precision", "double precision", "double precision");
            case "float":
                return Float(reader);
            case "timestamp" or "time":
                return Zoned(reader, word);
            case "interval":
                return Interval(reader);
            case "varbyte" or "varbinary" or "binary":
                if (word is "binary")
                {
                    reader.Expect("varying");
                }

                var bare = !reader.IsSymbol("(");
                var length = Modifier(reader, MaxVarbyte, DefaultVarbyte, "varbyte");
                return User($"varbyte({length})", word, $"rs_catalog.varbyte({length})", "varbyte") with { IsBare = bare };
            default:
                return Foreign(reader, word);
        }
    }

    private static DataType Foreign(TokenReader reader, string word)
    {
        if (LeaderTypes.Contains(word))
        {
            var modifier = word is "bit" && reader.Accept("varying") ? "bit varying" : word;
            SkipModifier(reader);
            return new DataType(modifier, modifier, modifier, TypeRank.Leader) { Base = modifier };
        }

        if (NotCoveredTypes.Contains(word))
        {
            return new DataType(word, word, word, TypeRank.NotCovered) { Base = word };
        }

        if (UnsupportedTypes.Contains(word))
        {
            SkipModifier(reader);
            return new DataType(word, word, word, TypeRank.Unsupported) { Base = word };
        }

        throw Refusals.NoType(word);
    }

    /// <summary>[] after a type makes an array of it: known to the leader node only.</summary>
    private static DataType Suffixed(TokenReader reader, DataType type)
    {
        var brackets = string.Empty;
        while (reader.AcceptSymbol("["))
        {
            if (reader.Peek().Kind is TokenKind.Number)
            {
                reader.Position++;
            }

            reader.ExpectSymbol("]");
            brackets += "[]";
        }

        return brackets.Length == 0 ? type
            : type with
            {
                Name = type.Base + "[]",
                Base = type.Base + "[]",
                Written = type.Written + "[]",
                Backing = type.Backing + brackets,
                Rank = type.Rank is TypeRank.User ? TypeRank.Leader : type.Rank,
            };
    }

    private static DataType Varchar(TokenReader reader, string written)
    {
        var bare = !reader.IsSymbol("(");
        var length = Modifier(reader, MaxVarchar, 256, "varchar");
        return User($"character varying({length})", written, $"character varying({length})", "character varying") with { IsBare = bare };
    }

    private static DataType Char(TokenReader reader, string written, int normal)
    {
        var length = Modifier(reader, MaxChar, normal, "char");
        return User($"character({length})", written, $"character({length})", "character");
    }

    /// <summary>(n), (MAX) or nothing.</summary>
    private static int Modifier(TokenReader reader, int max, int normal, string type)
    {
        if (!reader.AcceptSymbol("("))
        {
            return normal;
        }

        var length = reader.Accept("max") ? max : reader.Integer();
        reader.ExpectSymbol(")");
        return length < 1 ? throw new ServerException("22023", $"length for type {type} must be at least 1")
            : length > max ? throw new ServerException("22023", $"length for type {type} cannot exceed {max}")
            : (int)length;
    }

    private static DataType Numeric(TokenReader reader, string written)
    {
        long precision = 18;
        long scale = 0;
        if (reader.AcceptSymbol("("))
        {
            precision = reader.Integer();
            scale = reader.AcceptSymbol(",") ? reader.Integer() : 0;
            reader.ExpectSymbol(")");
            if (precision is < 1 or > 38)
            {
                throw new ServerException("22023", $"DECIMAL precision {precision} must be between 1 and 38");
            }

            if (scale < 0 || scale > Math.Min(precision, 37))
            {
                throw new ServerException("22023", $"DECIMAL scale {scale} must be between 0 and {(precision == 38 ? "37" : "precision " + precision)}");
            }
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"numeric({precision},{scale})");
        return User(name, written, name, "numeric");
    }

    private static DataType Float(TokenReader reader)
    {
        long bits = 53;
        if (reader.AcceptSymbol("("))
        {
            bits = reader.Integer();
            reader.ExpectSymbol(")");
        }

        return bits switch
        {
            < 1 => throw new ServerException("22023", "precision for type float must be at least 1 bit"),
            > 53 => throw new ServerException("22023", "precision for type float must be less than 54 bits"),
            < 25 => User("real", "float", "real"),
            _ => User("double precision", "float", "double precision"),
        };
    }

    private static DataType Zoned(TokenReader reader, string word)
    {
        if (reader.IsSymbol("("))
        {
            throw reader.Unexpected();
        }

        var zoned = reader.Accept("with", "time", "zone");
        if (!zoned)
        {
            reader.Accept("without", "time", "zone");
        }

        var name = $"{word} {(zoned ? "with" : "without")} time zone";
        return User(name, word, name);
    }

    private static DataType Interval(TokenReader reader)
    {
        if (reader.Accept("year", "to", "month") || reader.Accept("year") || reader.Accept("month"))
        {
            return new DataType("interval year to month", "interval", "interval", TypeRank.NotCovered) { Base = "interval" };
        }

        if (reader.Accept("day", "to", "second") || reader.IsAnyWord("day", "hour", "minute", "second"))
        {
            return new DataType("interval day to second", "interval", "interval", TypeRank.NotCovered) { Base = "interval" };
        }

        return new DataType("interval", "interval", "interval", TypeRank.Leader) { Base = "interval" };
    }

    private static void SkipModifier(TokenReader reader)
    {
        if (reader.IsSymbol("(") && reader.Peek(1).Kind is TokenKind.Number && reader.IsSymbol(")", 2))
        {
            reader.Position += 3;
        }
    }

    private static DataType User(string name, string written, string backing, string? simple = null) =>
        new(name, written, backing, TypeRank.User) { Base = simple ?? name };

    private static FrozenSet<string> Set(string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
