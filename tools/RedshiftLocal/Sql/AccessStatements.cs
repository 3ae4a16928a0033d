using System.Globalization;
using System.Text.Json.Nodes;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>Users, groups and roles. All of them are roles of the backing server.</summary>
internal sealed class AccessStatements(TokenReader reader)
{
    /// <summary>From the word after CREATE USER.</summary>
    public Forwarded CreateUser() => User("CREATE", reader.Name());

    /// <summary>From the word after ALTER USER.</summary>
    public Forwarded AlterUser()
    {
        var name = reader.Name();
        if (reader.Accept("rename"))
        {
            reader.Expect("to");
            var next = reader.Name();
            reader.ExpectEnd();
            return new Forwarded($"ALTER ROLE {Identifiers.Quote(name)} RENAME TO {Identifiers.Quote(next)}") { Tag = "ALTER USER" };
        }

        return reader.IsAnyWord("set", "reset") ? throw Refusals.NotCovered("settings kept with a user") : User("ALTER", name);
    }

    public Forwarded DropRole(string kind)
    {
        var exists = reader.Accept("if", "exists");
        var names = Names();
        if (kind is "ROLE" && !reader.Accept("force"))
        {
            reader.Accept("restrict");
        }

        reader.ExpectEnd();
        return new Forwarded($"DROP ROLE {(exists ? "IF EXISTS " : string.Empty)}{string.Join(", ", names)}") { Tag = $"DROP {kind}" };
    }

    /// <summary>CREATE GROUP name [[WITH] USER name, …]</summary>
    public Forwarded CreateGroup()
    {
        var name = reader.Name();
        var sql = $"CREATE ROLE {Identifiers.Quote(name)} NOLOGIN";
        var with = reader.Accept("with");
        if (reader.IsWord("user"))
        {
            reader.Position++;
            sql += $" ROLE {string.Join(", ", Names())}";
        }
        else if (with)
        {
            throw reader.Unexpected();
        }

        reader.ExpectEnd();
        return new Forwarded(sql) { After = [DdlJson.Call(new JsonObject { ["action"] = "create_group", ["name"] = name })], Tag = "CREATE GROUP" };
    }

    /// <summary>ALTER GROUP name { ADD | DROP } USER name, … | RENAME TO name</summary>
    public Forwarded AlterGroup()
    {
        var group = Identifiers.Quote(reader.Name());
        string sql;
        if (reader.Accept("rename"))
        {
            reader.Expect("to");
            sql = $"ALTER ROLE {group} RENAME TO {Identifiers.Quote(reader.Name())}";
        }
        else
        {
            var add = reader.AcceptOneOf("add", "drop") switch { "add" => true, "drop" => false, _ => throw reader.Unexpected() };
            reader.Expect("user");
            var users = string.Join(", ", Names());
            sql = add ? $"GRANT {group} TO {users}" : $"REVOKE {group} FROM {users}";
        }

        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = "ALTER GROUP" };
    }

    public Forwarded CreateRole()
    {
        var name = reader.Name();
        if (reader.IsWord("externalid"))
        {
            throw Refusals.NotCovered("EXTERNALID");
        }

        reader.ExpectEnd();
        return new Forwarded($"CREATE ROLE {Identifiers.Quote(name)} NOLOGIN")
        {
            After = [DdlJson.Call(new JsonObject { ["action"] = "create_role", ["name"] = name })],
            Tag = "CREATE ROLE",
        };
    }

    private List<string> Names()
    {
        var names = new List<string>();
        do
        {
            names.Add(Identifiers.Quote(reader.Name()));
        }
        while (reader.AcceptSymbol(","));
        return names;
    }

    private Forwarded User(string verb, string name)
    {
        if (name is "public" || reader.IsSymbol(":"))
        {
            throw reader.Unexpected(reader.IsSymbol(":") ? reader.Position : reader.Position - 1);
        }

        reader.Accept("with");
        var role = new RoleOptions(name);
        while (!reader.AtEnd)
        {
            Option(role);
        }

        if (verb is "CREATE" && !role.HasPassword)
        {
            throw reader.Unexpected();
        }

        return role.Render(verb);
    }

    private void Option(RoleOptions role)
    {
        if (reader.Accept("password"))
        {
            role.SetPassword(reader.Accept("disable") ? null : reader.Text());
        }
        else if (reader.AcceptOneOf("createdb", "nocreatedb", "createuser", "nocreateuser") is { } flag)
        {
            role.SetFlag(flag);
        }
        else if (reader.Accept("syslog", "access"))
        {
            _ = reader.Accept("restricted") ? true : throw (reader.IsWord("unrestricted") ? Refusals.NotCovered("SYSLOG ACCESS UNRESTRICTED") : reader.Unexpected());
        }
        else if (reader.Accept("in", "group") || reader.Accept("in", "role"))
        {
            role.Groups.AddRange(Names());
        }
        else if (reader.Accept("valid", "until"))
        {
            role.ValidUntil = reader.Text();
        }
        else if (reader.Accept("connection", "limit"))
        {
            role.ConnectionLimit = reader.Accept("unlimited") ? -1 : reader.Integer();
        }
        else if (reader.Accept("session", "timeout"))
        {
            SessionTimeout();
        }
        else if (reader.IsWord("externalid"))
        {
            throw Refusals.NotCovered("EXTERNALID");
        }
        else if (!reader.Accept("reset", "session", "timeout"))
        {
            throw reader.Unexpected();
        }
    }

    private void SessionTimeout()
    {
        if (reader.Integer() is < 60 or > 1_728_000)
        {
            throw new ServerException("22023", "session timeout must be between 60 and 1728000 seconds");
        }
    }

    private sealed class RoleOptions(string user)
    {
        private readonly List<string> _options = [];
        private string? _stored;
        private JsonObject? _password;
        private bool? _superuser;

        public bool HasPassword => _password is not null;

        public List<string> Groups { get; } = [];

        public string? ValidUntil { get; set; }

        public long? ConnectionLimit { get; set; }

        public void SetPassword(string? password) => (_stored, _password) = Passwords.Hash(user, password);

        public void SetFlag(string flag)
        {
            if (flag is "createuser" or "nocreateuser")
            {
                _superuser = flag is "createuser";
            }
            else
            {
                _options.Add(flag.ToUpperInvariant());
            }
        }

        public Forwarded Render(string verb)
        {
            var name = Identifiers.Quote(user);
            var after = new List<string>();
            if (_superuser is { } superuser)
            {
                _options.Add(superuser ? "CREATEROLE" : "NOCREATEROLE");
                Superuser(verb, superuser, name, after);
            }

            if (_password is not null)
            {
                _options.Add(_stored is null ? "PASSWORD NULL" : $"PASSWORD {Identifiers.Literal(_stored)}");
                after.Add(DdlJson.Call(_password));
            }

            if (ValidUntil is not null)
            {
                _options.Add($"VALID UNTIL {Identifiers.Literal(ValidUntil)}");
            }

            if (ConnectionLimit is { } limit)
            {
                _options.Add(string.Create(CultureInfo.InvariantCulture, $"CONNECTION LIMIT {limit}"));
            }

            after.AddRange(Groups.Select(group => $"GRANT {group} TO {name}"));
            var login = verb is "CREATE" ? " LOGIN" : string.Empty;
            var options = _options.Count == 0 ? string.Empty : " " + string.Join(' ', _options);
            return new Forwarded($"{verb} ROLE {name}{login}{options}") { After = [.. after], Tag = $"{verb} USER" };
        }

        /// <summary>Superusers own what users own: each user is granted to them, which has to end before one of them becomes such.</summary>
        private static void Superuser(string verb, bool superuser, string name, List<string> after)
        {
            if (verb is "ALTER")
            {
                after.Add(superuser ? $"REVOKE {name} FROM rs_superuser" : $"REVOKE rs_superuser FROM {name}");
            }

            if (superuser)
            {
                after.Add($"GRANT rs_superuser TO {name}");
            }
            else if (verb is "ALTER")
            {
                after.Add($"GRANT {name} TO rs_superuser");
            }
        }
    }
}
