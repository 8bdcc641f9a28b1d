using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Protocols.Client;

/// <summary>
/// An environment of a server as a row of the registry, for whatever makes batches by itself: evaluations, checks. Its
/// batches share the client's session.
/// </summary>
public sealed class RemoteDefinition : EnvironmentDefinition
{
    private readonly SimClient _client;
    private readonly EnvironmentSpec _spec;

    /// <exception cref="Messages.WireException">The server does not know it.</exception>
    public RemoteDefinition(SimClient client, string id)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_client, _spec) = (client, client.Describe(id));
    }

    public override string Id => _spec.Id;

    public override IReadOnlyList<string> Aliases => [];

    public override object DefaultSettings => _spec.Settings;

    /// <exception cref="ArgumentException">The settings are of no record that this program knows.</exception>
    public override EnvironmentSpec Describe(object settings) => _client.Describe(Id, Assignments(settings));

    public override BatchEnvironment Create(EnvironmentOptions options, object? settings = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _client.Make(Id, new RemoteOptions
        {
            Count = options.Count,
            Seed = options.Seed,
            Autoreset = options.Autoreset,
            Threads = options.Threads,
            Privileged = options.Privileged,
            Settings = settings is null ? null : Assignments(settings),
        });
    }

    private static Dictionary<string, string> Assignments(object settings)
        => settings is System.Text.Json.JsonElement
            ? throw new ArgumentException("settings of an environment that this program does not know cannot be sent as a record; use SimClient.Make with names and values")
            : SettingsField.Of(settings).ToDictionary(field => field.Key, field => field.ValueText);
}
