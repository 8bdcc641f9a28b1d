namespace Sim.Cli;

/// <summary>A command line that parses but cannot be carried out as written: exit code 2.</summary>
public sealed class BadInputException(string message) : Exception(message);
