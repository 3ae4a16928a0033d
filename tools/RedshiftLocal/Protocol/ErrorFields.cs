namespace RedshiftLocal.Protocol;

/// <summary>Errors and notices as fields of a message.</summary>
public static class ErrorFields
{
    /// <summary>Reads the fields of an ErrorResponse or NoticeResponse.</summary>
    public static ServerError Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        string severity = "ERROR", state = "XX000", message = "";
        string? detail = null, hint = null;
        while (!reader.IsAtEnd)
        {
            var field = reader.Byte();
            if (field == 0)
            {
                break;
            }

            var value = reader.Text();
            switch ((char)field)
            {
                case 'S': severity = value; break;
                case 'C': state = value; break;
                case 'M': message = value; break;
                case 'D': detail = value; break;
                case 'H': hint = value; break;
            }
        }

        return new ServerError(state, message) { Severity = severity, Detail = detail, Hint = hint };
    }

    /// <summary>An ErrorResponse with the fields that Redshift sends: no position, no non-localised severity.</summary>
    public static void Write(WireWriter writer, ServerError error)
    {
        var (file, line, routine) = Origin(error.SqlState);
        writer.Begin('E');
        Field(writer, 'S', error.Severity);
        Field(writer, 'C', error.SqlState);
        Field(writer, 'M', error.Message);
        Field(writer, 'D', error.Detail);
        Field(writer, 'H', error.Hint);
        Field(writer, 'F', file);
        Field(writer, 'L', line);
        Field(writer, 'R', routine);
        writer.Byte(0).End();
    }

    public static void Write(WireWriter writer, Notice notice)
    {
        var (file, line, routine) = Origin(notice.SqlState);
        writer.Begin('N');
        Field(writer, 'S', notice.Severity);
        Field(writer, 'C', notice.SqlState);
        Field(writer, 'M', notice.Message);
        Field(writer, 'F', file);
        Field(writer, 'L', line);
        Field(writer, 'R', routine);
        writer.Byte(0).End();
    }

    private static void Field(WireWriter writer, char type, string? value)
    {
        if (value is not null)
        {
            writer.Byte((byte)type).Text(value);
        }
    }

    /// <summary>Clients are shown where in the server an error was raised; the folders are Redshift's, the lines mean nothing.</summary>
    private static (string File, string Line, string Routine) Origin(string state) => state switch
    {
        "42601" => ("/home/ec2-user/padb/src/pg/src/backend/parser/parser_scan.l", "732", "yyerror"),
        "42P01" => ("/home/ec2-user/padb/src/pg/src/backend/catalog/namespace.c", "267", "LocalRangeVarGetRelid"),
        "42703" => ("/home/ec2-user/padb/src/pg/src/backend/parser/parse_relation.c", "2478", "errorMissingColumn"),
        "42883" => ("/home/ec2-user/padb/src/pg/src/backend/parser/parse_func.c", "267", "ParseFuncOrColumn"),
        "42704" => ("/home/ec2-user/padb/src/pg/src/backend/utils/misc/guc.c", "5221", "set_config_option"),
        "28000" => ("/home/ec2-user/padb/src/pg/src/backend/libpq/auth.c", "466", "auth_failed"),
        "25P02" => ("/home/ec2-user/padb/src/pg/src/backend/tcop/postgres.c", "1545", "exec_simple_query"),
        "57014" or "XX000" => ("/home/ec2-user/padb/src/sys/xen_execute.cpp", "6574", "pg_throw"),
        "00000" => ("../src/pg/src/backend/utils/error/elog.c", "412", "notice"),
        _ => ("../src/pg/src/backend/utils/error/elog.c", "1104", "errfinish"),
    };
}
