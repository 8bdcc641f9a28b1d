using Sim.Environments.MinAtar.Players;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>Registry rows of the MinAtar games.</summary>
public static class MinAtarGames
{
    public static ScalarDefinition<MinAtarTask<AsterixRules, AsterixGame>, MinAtarState<AsterixGame>, MinAtarSettings> Asterix { get; }
        = MinAtarDefinition.Of<AsterixRules, AsterixGame>("asterix", "Asterix",
            "Take gold and avoid enemies that cross the board from both sides.", environments => new AsterixPlayer(environments));

    public static ScalarDefinition<MinAtarTask<BreakoutRules, BreakoutGame>, MinAtarState<BreakoutGame>, MinAtarSettings> Breakout { get; }
        = MinAtarDefinition.Of<BreakoutRules, BreakoutGame>("breakout", "Breakout",
            "Break bricks with a ball that the paddle must not miss.", environments => new BreakoutPlayer(environments));

    public static ScalarDefinition<MinAtarTask<FreewayRules, FreewayGame>, MinAtarState<FreewayGame>, MinAtarSettings> Freeway { get; }
        = MinAtarDefinition.Of<FreewayRules, FreewayGame>("freeway", "Freeway",
            "Cross eight lanes of traffic as often as 2501 steps allow.", environments => new FreewayPlayer(environments));

    public static ScalarDefinition<MinAtarTask<SeaquestRules, SeaquestGame>, MinAtarState<SeaquestGame>, MinAtarSettings> Seaquest { get; }
        = MinAtarDefinition.Of<SeaquestRules, SeaquestGame>("seaquest", "Seaquest",
            "Shoot fish and submarines, fetch divers, and surface before the air runs out.", environments => new SeaquestPlayer(environments));

    public static ScalarDefinition<MinAtarTask<SpaceInvadersRules, SpaceInvadersGame>, MinAtarState<SpaceInvadersGame>, MinAtarSettings> SpaceInvaders { get; }
        = MinAtarDefinition.Of<SpaceInvadersRules, SpaceInvadersGame>("space-invaders", "SpaceInvaders",
            "Shoot aliens that march nearer and shoot back.", environments => new SpaceInvadersPlayer(environments));
}
