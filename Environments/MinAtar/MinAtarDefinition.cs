using Sim.Environments.Configuration;
using Sim.Environments.Scalar;
using Sim.Environments.Spaces;

namespace Sim.Environments.MinAtar;

/// <summary>What the registry rows of the games have in common.</summary>
internal static class MinAtarDefinition
{
    public static ScalarDefinition<MinAtarTask<TRules, TGame>, MinAtarState<TGame>, MinAtarSettings> Of<TRules, TGame>(
        string name, string upstream, string summary, Func<BatchEnvironment, IActor> expert)
        where TRules : struct, IMinAtarGame<TGame>
        where TGame : unmanaged
        => new($"minatar-{name}")
        {
            Summary = summary,
            AlsoKnownAs = [$"MinAtar/{upstream}-v0"],
            Action = settings => new Discrete(settings.MinimalActions ? TRules.MinimalActions.Length : MinAtarAction.Count),
            Observation = settings => settings.View switch
            {
                MinAtarView.Board => BoardBox.Of(Board.Side, Board.Side, TRules.Channels),
                MinAtarView.Planes => BoardBox.Of(TRules.Channels, Board.Side, Board.Side),
                _ => BoardBox.Of(Board.Picture, Board.Picture, 3, high: 255),
            },
            TimeLimit = settings => settings.EpisodeSteps,
            // The games have no clock of their own; people play them well at this one.
            ControlPeriod = _ => 0.1f,
            RewardTerm = "score",
            ScriptedExpert = expert,
            Check = settings =>
            {
                if (settings.FixedDiverCount && name != "seaquest")
                    throw new SettingsException($"fixed_diver_count=true is a setting of minatar-seaquest: minatar-{name} has no divers");
            },
        };
}
