using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Client;

/// <summary>A spec as a server sent it.</summary>
internal static class RemoteSpec
{
    /// <summary>The spec, with the environment's own settings record where this program knows it, else with JSON.</summary>
    /// <exception cref="WireException">It does not hold together.</exception>
    public static EnvironmentSpec Of(SpecMessage? message)
    {
        if (message is not { Id: not null, Observation: not null, Action: not null, RewardTerms: not null, Settings: not null })
            throw new WireException(ErrorCode.BadMessage, "the server described an environment without its spaces");
        var known = Registry.All.FirstOrDefault(definition => definition.Id == message.Id);
        try
        {
            return message.ToSpec(known?.DefaultSettings.GetType());
        }
        catch (SettingsException)
        {
            // Another version of the environment: its settings are still good to look at.
            return message.ToSpec(null);
        }
        catch (ArgumentException error)
        {
            throw new WireException(ErrorCode.BadMessage, error.Message);
        }
    }
}
