using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>libpq's connection service file. https://www.postgresql.org/docs/current/libpq-pgservice.html</summary>
public static class ServiceFile
{
    /// <summary>The service's parameters and the file they came from: the user's file first, then the system's.</summary>
    /// <exception cref="TargetException">No file defines the service, or a line cannot be read.</exception>
    public static (IReadOnlyDictionary<string, string> Parameters, string Path) Find(string service, ConnectionEnvironment environment)
    {
        var named = environment.Variable("PGSERVICEFILE") is { Length: > 0 } path ? path : null;
        if (named is not null && !File.Exists(named))
        {
            throw new TargetException($"The service file {named} (from PGSERVICEFILE) does not exist");
        }

        var system = environment.Variable("PGSYSCONFDIR") is { Length: > 0 } folder ? [folder] : environment.ServiceFolders;
        string[] candidates = [named ?? environment.InHome(".pg_service.conf"), .. system.Select(f => Path.Combine(f, "pg_service.conf"))];
        var read = new List<string>();
        foreach (var candidate in candidates.Where(File.Exists))
        {
            if (Read(candidate, service) is { } parameters)
            {
                return (parameters, candidate);
            }

            read.Add(candidate);
        }

        throw new TargetException(
            $"The connection service {service} is not defined",
            read.Count == 0 ? $"No service file was found; looked for {string.Join(", ", candidates)}" : $"Looked in {string.Join(", ", read)}");
    }

    private static Dictionary<string, string>? Read(string path, string service)
    {
        Dictionary<string, string>? result = null;
        var number = 0;
        foreach (var raw in ReadLines(path))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                if (result is not null)
                {
                    break;
                }

                result = line == $"[{service}]" ? new(StringComparer.Ordinal) : null;
            }
            else if (result is not null)
            {
                var split = line.IndexOf('=', StringComparison.Ordinal);
                if (split <= 0)
                {
                    throw new TargetException($"{path}:{number}: found a line without \"=\" in service {service}", "Write name=value");
                }

                var name = line[..split];
                if (name is "service" or "servicefile")
                {
                    throw new TargetException($"{path}:{number}: a service cannot name another service");
                }

                // The first of two lines counts, as in libpq.
                result.TryAdd(name, line[(split + 1)..]);
            }
        }

        return result;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TargetException($"The service file {path} cannot be read: {e.Message}", inner: e);
        }
    }
}
