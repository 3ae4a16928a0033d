using Sluice.Cli.Sessions;

namespace Sluice.Cli;

/// <summary>Puts the engine's parts together for the command line.</summary>
internal static class Engine
{
    public static EngineServices Create() => throw new InvalidOperationException("the engine is not linked in");
}
