using Sim.Environments;

namespace Sim.Cli.Actions;

/// <summary>Experts as they are asked for on the command line.</summary>
public static class ScriptedExperts
{
    /// <summary>What makes the expert of an environment.</summary>
    /// <param name="definition">The environment.</param>
    /// <param name="otherwise">What to do where there is none, after "choose"; empty where nothing else is possible.</param>
    /// <exception cref="BadInputException">Nobody has written one; the message names the environments that have one.</exception>
    public static Func<BatchEnvironment, IActor> Of(EnvironmentDefinition definition, string otherwise = "")
        => definition.Expert ?? throw new BadInputException(
            $"nobody has written an expert for {definition.Id}: {(otherwise.Length > 0 ? $"choose {otherwise}; " : "")}experts exist for {Names()}");

    private static string Names()
        => string.Join(", ", Registry.All.Where(definition => definition.Expert is not null).Select(definition => definition.Id)) is { Length: > 0 } names ? names : "none";
}
