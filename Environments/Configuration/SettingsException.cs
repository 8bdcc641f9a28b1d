namespace Sim.Environments.Configuration;

/// <summary>
/// A setting that does not exist, has the wrong type or lies outside its range. The message is one sentence for the
/// person who typed it, and names the nearest valid choice.
/// </summary>
public sealed class SettingsException(string message, Exception? cause = null) : ArgumentException(message, cause);
