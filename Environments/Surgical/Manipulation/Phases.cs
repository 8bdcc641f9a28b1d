using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>What a manipulation is busy with, read off the world, so that it means the same whoever acts.</summary>
public static class Phases
{
    /// <summary>The info output.</summary>
    public const string Field = "phase";

    /// <summary>Numbers of <see cref="Names"/>.</summary>
    public const int Approach = 0, Descend = 1, Grasp = 2, Lift = 3, Transfer = 4, HandOver = 5, Release = 6, Done = 7;

    /// <summary>What the phases are called.</summary>
    public static readonly IReadOnlyList<string> Names = ["approach", "descend", "grasp", "lift", "transfer", "hand_over", "release", "done"];

    /// <summary>How near the tip is to a thing when its jaw, closing, is about to grasp it; above it, when it descends. Nominal metres.</summary>
    private const float Reach = 0.006f, Above = 0.004f;

    /// <summary>How near both tips are to a thing while it changes hands, nominal metres.</summary>
    public const float HandOverDistance = 0.008f;

    /// <summary>The phase before anything is held.</summary>
    /// <param name="tip">World units.</param>
    /// <param name="place">Where to grasp, world units.</param>
    /// <param name="closing">Mask: the jaw is told to close.</param>
    /// <param name="scale">World units per nominal metre.</param>
    public static T Free<T>(in Vec3<T> tip, in Vec3<T> place, T closing, float scale) where T : unmanaged, ILane<T>
    {
        var way = place - tip;
        T level = T.Fma(way.X, way.X, way.Y * way.Y);
        T near = T.Fma(way.Z, way.Z, level) < T.Of(Reach * Reach * scale * scale);
        T above = level < T.Of(Above * Above * scale * scale);
        return T.Select(near & closing, T.Of(Grasp), T.Select(above, T.Of(Descend), T.Of(Approach)));
    }
}
