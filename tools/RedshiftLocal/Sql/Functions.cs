using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>The functions a client may call. Whatever is in none of these sets does not exist (42883).</summary>
public static class Functions
{
    /// <summary>Run on compute nodes and on the leader node; the backing server has them under this name.</summary>
    public static readonly FrozenSet<string> Native = Set("""
        abs acos asin atan atan2 cbrt ceil ceiling cos cot degrees exp floor ln log mod pi power radians random round sign sin sqrt tan
        ascii btrim char_length character_length chr concat initcap left length lower lpad ltrim md5 octet_length quote_ident quote_literal
        regexp_replace repeat replace reverse right rpad rtrim split_part strpos to_char to_date to_hex to_number to_timestamp
        translate upper date_trunc timezone timeofday
        count sum avg min max stddev stddev_pop stddev_samp variance var_pop var_samp bool_and bool_or bit_and bit_or
        row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value percentile_cont percentile_disc
        current_database grouping
        """);

    /// <summary>
    /// Run on compute nodes and on the leader node; rs_catalog has them. Date parts of dateadd, datediff, date_part and datepart arrive as
    /// text literals; sysdate is called with parentheses.
    /// </summary>
    public static readonly FrozenSet<string> Made = Set("""
        getdate sysdate version len textlen charindex dateadd datediff date_part datepart add_months months_between last_day next_day trunc
        convert_timezone date_cmp date_cmp_timestamp timestamp_cmp timestamp_cmp_date interval_cmp
        json_parse json_serialize can_json_parse is_valid_json is_valid_json_array json_extract_path_text json_extract_array_element_text
        json_array_length json_typeof json_size is_array is_object is_scalar is_varchar is_integer is_decimal is_float is_boolean is_bigint is_smallint
        is_char get_array_length
        to_varbyte from_varbyte from_hex sha sha1 func_sha1 sha2 fnv_hash crc32 strtol bpcharcmp bttext_pattern_cmp
        regexp_count regexp_instr regexp_substr replicate octetindex dexp dlog1 dlog10 dpow any_value
        pg_last_copy_count pg_last_copy_id pg_last_query_id pg_last_unload_count pg_last_unload_id db_collation current_user_id current_session_id
        user_is_member_of role_is_member_of
        """);

    /// <summary>Refused in a statement that reads or writes user tables or system tables; the backing server has them.</summary>
    public static readonly FrozenSet<string> LeaderNative = Set("""
        age current_schema current_schemas has_database_privilege has_schema_privilege has_table_privilege has_function_privilege
        has_language_privilege now factorial isfinite get_bit get_byte set_bit set_byte to_ascii substr generate_series setseed
        array_upper array_lower array_dims array_append array_cat array_prepend array_to_string string_to_array bit_length
        format_type pg_get_expr pg_get_constraintdef pg_get_viewdef pg_get_indexdef pg_get_userbyid obj_description col_description
        pg_backend_pid pg_terminate_backend pg_cancel_backend pg_table_is_visible pg_type_is_visible pg_function_is_visible
        pg_encoding_to_char pg_client_encoding current_setting set_config
        inet_client_addr
        """);

    /// <summary>Refused in a statement that reads or writes user tables or system tables; rs_catalog has them.</summary>
    public static readonly FrozenSet<string> LeaderMade = Set("""
        format_encoding pg_get_late_binding_view_cols has_assumerole_privilege
        """);

    /// <summary>
    /// The backing server has them, and rs_catalog has more of the same name, for Redshift's users and types. A bare call finds both, by
    /// the search path.
    /// </summary>
    public static readonly FrozenSet<string> Overridden = Set("""
        col_description current_schemas date_trunc format_type obj_description octet_length pg_backend_pid pg_get_constraintdef pg_get_expr
        pg_get_userbyid pg_get_viewdef regexp_replace to_hex
        """);

    /// <summary>Turned into other words by the translator; no function of that name is called.</summary>
    public static readonly FrozenSet<string> Rewritten = Set("""
        nvl nvl2 decode listagg median convert
        """);

    /// <summary>Parts of the grammar that look like calls.</summary>
    public static readonly FrozenSet<string> Syntax = Set("""
        coalesce nullif greatest least extract substring trim position cast exists row
        """);

    /// <summary>Exist in Redshift and are not built here.</summary>
    public static readonly FrozenSet<string> NotCovered = Set("""
        addbbox dropbbox geometrytype supportsbbox difference soundex murmur3_32_hash json_serialize_to_varbyte array array_concat array_flatten
        array_length array_position array_positions array_contains array_distinct array_except array_intersection array_sort array_union
        subarray get_number_attributes object object_transform lower_attribute_names upper_attribute_names split_to_array explain_model url_encode
        url_decode to_time mask_hash getbit to_varbyte_json hll hll_create_sketch hll_cardinality hll_combine hll_combine_sketches pg_get_session_roles
        has_model_privilege current_namespace current_awsaccount kurtosis skewness checksum substr_bytes ratio_to_report pg_get_cols
        pg_get_grantee_by_iam_role pg_get_iam_role_by_user
        """);

    /// <summary>The backing server's functions that a call of this name must reach through rs_catalog.</summary>
    public static bool IsInCatalogSchema(string name) => Made.Contains(name) || LeaderMade.Contains(name);

    public static bool IsLeaderOnly(string name) => LeaderNative.Contains(name) || LeaderMade.Contains(name);

    public static bool Exists(string name) =>
        Native.Contains(name) || Made.Contains(name) || IsLeaderOnly(name) || Rewritten.Contains(name) || Syntax.Contains(name);

    public static bool IsNotCovered(string name) => NotCovered.Contains(name) || name.StartsWith("st_", StringComparison.Ordinal);

    private static FrozenSet<string> Set(string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
