namespace Sim.Environments.Configuration;

/// <summary>
/// Settings under a name that may prefix their keys: <c>ppo.learning_rate</c> where <c>learning_rate</c> alone would
/// be ambiguous.
/// </summary>
public sealed record SettingsGroup(string Name, object Settings);
