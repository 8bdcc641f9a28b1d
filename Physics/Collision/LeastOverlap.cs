using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// The normal along which a cylinder and its opponent overlap least. Starts at the best of the bodies' own axes and their
/// cross products and descends from there: pull the bodies apart along the present normal until a gap opens, take the direction of
/// their nearest points, and repeat while the overlap falls. Each step falls, and a normal that it returns to is a minimum. Bodies
/// that stand apart need one step.
/// </summary>
internal struct LeastOverlap
{
    private const int Steps = 12;

    /// <summary>From cylinder to opponent, in the cylinder's axes.</summary>
    public Float3 Normal;

    /// <summary>Along the normal, metres; negative is a gap.</summary>
    public float Value;

    /// <summary>False where some axis shows a gap wider than the margin.</summary>
    public static bool Find(in Opponent opponent, float radius, float halfLength, float margin, out LeastOverlap least)
    {
        least.Normal = new(0, 1, 0);
        least.Value = float.MaxValue;
        Float3 centre = opponent.Centre;
        Rotation3 axes = opponent.Axes;
        least.Try(new(0, 1, 0), opponent, radius, halfLength);
        least.Try(new(centre.X, 0, centre.Z), opponent, radius, halfLength);
        least.Try(axes.Y, opponent, radius, halfLength);
        least.Try(new(axes.Y.Z, 0, -axes.Y.X), opponent, radius, halfLength);
        if (opponent.Kind == ShapeKind.Box)
        {
            least.Try(axes.X, opponent, radius, halfLength);
            least.Try(axes.Z, opponent, radius, halfLength);
            least.Try(new(axes.X.Z, 0, -axes.X.X), opponent, radius, halfLength);
            least.Try(new(axes.Z.Z, 0, -axes.Z.X), opponent, radius, halfLength);
        }
        else
        {
            least.Try(centre - axes.Y * Float3.Dot(axes.Y, centre), opponent, radius, halfLength);
            least.Try(centre, opponent, radius, halfLength);
        }
        if (!(least.Value >= -margin)) return false;

        // Single precision knows an overlap to about 1e-7 of the size; less than 1e-5 of it does not move the normal off an axis.
        float clearance = 0.05f * (radius + halfLength), clearly = 1e-5f * (radius + halfLength);
        for (int i = 0; i < Steps; i++)
        {
            float shift = Scalar.Max(0f, least.Value + clearance);
            Float3 normal = NearestDirection.Find(opponent, radius, halfLength, least.Normal, shift);
            float value = Overlap(normal, opponent, radius, halfLength);
            if (!(value < least.Value - clearly)) break;
            least.Value = value;
            least.Normal = normal;
        }
        return least.Value >= -margin;
    }

    private static float Overlap(Float3 normal, in Opponent opponent, float radius, float halfLength)
        => opponent.Reach(normal) + Opponent.CylinderReach(radius, halfLength, normal) - Float3.Dot(normal, opponent.Centre);

    /// <summary>Takes a direction of any length, turned towards the opponent, if the overlap along it is clearly less.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Try(Float3 direction, in Opponent opponent, float radius, float halfLength)
    {
        float squared = direction.LengthSquared;
        if (!(squared > 1e-8f)) return;
        float inverse = 1f / MathF.Sqrt(squared);
        Float3 normal = direction * (Float3.Dot(direction, opponent.Centre) < 0 ? -inverse : inverse);
        float value = Overlap(normal, opponent, radius, halfLength);
        if (!(value < Value - 1e-4f * halfLength)) return;
        Value = value;
        Normal = normal;
    }
}
