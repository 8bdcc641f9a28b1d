using System.Numerics;

namespace Sim.Physics.Worlds;

/// <summary>What two bodies feel of each other, at the end of a step.</summary>
/// <param name="Points">Contacts made, touching or not: 0 to 4.</param>
/// <param name="Touching">Whether any of them pushes or penetrates.</param>
/// <param name="Depth">Deepest penetration, metres; negative while apart; −∞ without contacts.</param>
/// <param name="NormalForce">Sum of all normal forces, newtons, ≥ 0.</param>
/// <param name="Force">Normal and friction force on the first body, newtons, world axes.</param>
public readonly record struct ContactReading(int Points, bool Touching, float Depth, float NormalForce, Vector3 Force)
{
    public static readonly ContactReading None = new(0, false, float.NegativeInfinity, 0, Vector3.Zero);
}
