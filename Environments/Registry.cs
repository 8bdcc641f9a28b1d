using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.FallingDot;
using Sim.Environments.MinAtar;
using Sim.Environments.PixelGames;
using Sim.Environments.Quadrotors;
using Sim.Environments.Surgical.Boards;
using Sim.Environments.Surgical.Camera;
using Sim.Environments.Surgical.Manipulation;
using Sim.Environments.SurgicalGym;

namespace Sim.Environments;

/// <summary>The table of all environments. A new environment is one folder and one line here.</summary>
public static class Registry
{
    /// <summary>Every environment, in the order in which <c>sim list</c> shows them.</summary>
    public static IReadOnlyList<EnvironmentDefinition> All { get; } =
    [
        Hover.Definition,
        Track.Definition,
        Waypoints.Definition,
        Gates.Definition,
        NeedleReach.Definition,
        GauzeRetrieve.Definition,
        NeedlePick.Definition,
        PegTransfer.Definition,
        NeedleRegrasp.Definition,
        BiPegTransfer.Definition,
        MatchBoardII.Definition,
        BiPegBoard.Definition,
        EcmReach.Definition,
        MisOrient.Definition,
        StaticTrack.Definition,
        ActiveTrack.Definition,
        CartPole.Definition,
        Pendulum.Definition,
        Acrobot.Definition,
        MountainCar.Definition,
        MountainCarContinuous.Definition,
        MinAtarGames.Asterix,
        MinAtarGames.Breakout,
        MinAtarGames.Freeway,
        MinAtarGames.Seaquest,
        MinAtarGames.SpaceInvaders,
        FallingDotGame.Definition,
        PixelGame.Pong,
        PixelGame.Breakout,
        GymPsm.Reach,
        GymPsm.Track,
        GymEcm.Reach,
        GymEcm.Track,
        GymStar.Reach,
        GymStar.Track,
    ];

    /// <summary>The environment with an id or alias.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static EnvironmentDefinition Find(string id) => Find(id, All);

    /// <summary>The same among other rows than those of this table, such as what a server offers.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static EnvironmentDefinition Find(string id, IReadOnlyList<EnvironmentDefinition> among)
    {
        ArgumentNullException.ThrowIfNull(id);
        return among.FirstOrDefault(definition => definition.Id == id || definition.Aliases.Contains(id))
            ?? throw new ArgumentException(NearestName.Of(id, among.SelectMany(definition => definition.Aliases.Prepend(definition.Id))) is { } nearest
                ? $"unknown environment '{id}'; did you mean '{nearest}'?"
                : $"unknown environment '{id}'");
    }

    /// <summary>Makes a batch of environments with default settings.</summary>
    public static BatchEnvironment Make(string id, int count = 1, ulong seed = 0, int threads = 0)
        => Make(id, new EnvironmentOptions { Count = count, Seed = seed, Threads = threads });

    /// <summary>Makes a batch of environments; <paramref name="settings"/> is the environment's own record.</summary>
    public static BatchEnvironment Make(string id, EnvironmentOptions options, object? settings = null)
        => Find(id).Create(options, settings);
}
