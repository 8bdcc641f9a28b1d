using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>A suture needle: half a circle of wire.</summary>
public record struct NeedleSettings()
{
    /// <summary>Radius of the half circle, nominal metres.</summary>
    [Range(0.012f, 0.025f)] public float Radius { get; init; } = 0.02f;

    /// <summary>Radius of the wire, nominal metres.</summary>
    [Range(0.0004f, 0.0015f)] public float Wire { get; init; } = 0.0006f;

    /// <summary>Mass, kg.</summary>
    [Range(0.001f, 0.1f)] public float Mass { get; init; } = 0.01f;

    /// <summary>Capsules of which its collision shape is made.</summary>
    [Range(6, 24)] public int Parts { get; init; } = 12;
}

/// <summary>
/// The needle as a body. Its frame stands at the centre of the circle, with the wire in the half plane x ≤ 0; the body's
/// centre of mass lies 2/π of the radius behind it. Places on the wire are named by their angle from −x towards −y.
/// </summary>
public static class NeedleShape
{
    /// <summary>Angle of link waypoints 1 (the middle), 4 and 5, rad.</summary>
    public const float Middle = 0, Fourth = MathF.PI / 3, Fifth = -MathF.PI / 3;

    /// <summary>From the circle's centre to the centre of mass along x, nominal metres.</summary>
    public static float CentreOfMass(in NeedleSettings needle) => -2 / MathF.PI * needle.Radius;

    /// <summary>The compound of capsules about its centre of mass.</summary>
    public static Shape Of(in NeedleSettings needle, float scale)
    {
        float part = MathF.PI / needle.Parts, chord = 2 * needle.Radius * MathF.Sin(part / 2), apothem = needle.Radius * MathF.Cos(part / 2);
        var parts = new CompoundPart[needle.Parts];
        for (int i = 0; i < parts.Length; i++)
        {
            float angle = (MathF.PI / 2) + ((i + 0.5f) * part);
            var middle = new Vector3((apothem * MathF.Cos(angle)) - CentreOfMass(in needle), apothem * MathF.Sin(angle), 0);
            parts[i] = new CompoundPart(Shape.Capsule(needle.Wire * scale, chord * scale), new Pose(middle * scale, Quaternion.CreateFromAxisAngle(Vector3.UnitZ, angle)));
        }
        return Shape.Compound(parts);
    }

    /// <summary>The frame of a place on the wire: its x axis points at the circle's centre for the middle, and turns with the angle.</summary>
    /// <param name="body">The body's frame, at the centre of mass.</param>
    /// <param name="needle">Its size.</param>
    /// <param name="angle">Which place, rad.</param>
    /// <param name="scale">World units per nominal metre.</param>
    /// <param name="frame">World units.</param>
    public static void Place<T>(in Frame<T> body, in NeedleSettings needle, float angle, float scale, out Frame<T> frame) where T : unmanaged, ILane<T>
        => BodyFrames.On(in body, (-(needle.Radius * MathF.Cos(angle)) - CentreOfMass(in needle)) * scale, -(needle.Radius * MathF.Sin(angle)) * scale, 0, angle, out frame);
}
