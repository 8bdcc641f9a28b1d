using System.CommandLine;

namespace Sim.Cli.Parsing;

/// <summary>A command with examples below its help.</summary>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
