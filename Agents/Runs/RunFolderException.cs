namespace Sim.Agents.Runs;

/// <summary>A folder that cannot take a new run, or holds none to read. The message names the folder and what to do.</summary>
public sealed class RunFolderException(string message, Exception? cause = null) : Exception(message, cause);
