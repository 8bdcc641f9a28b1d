using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Bepu;

/// <summary>
/// Where the environments stand: a three-dimensional grid about the origin, as near to a cube as their bounds allow,
/// because a float's spacing grows with the distance from zero.
/// </summary>
internal sealed class EnvironmentGrid
{
    private EnvironmentGrid(Vector3[] origins, float rounding)
    {
        Origins = origins;
        Rounding = rounding;
    }

    /// <summary>World place of each environment's zero; that of a single environment is zero itself.</summary>
    public Vector3[] Origins { get; }

    /// <summary>By how much a position may be rounded, metres.</summary>
    public float Rounding { get; }

    /// <exception cref="ArgumentException">The grid would reach too far for single precision.</exception>
    public static EnvironmentGrid Of(Scene scene, int count, BepuOptions options)
    {
        var extent = Extent(scene, options, out float reach);
        // Quarter metres, so that origins are exact and only positions are rounded.
        var cell = new Vector3(Quarters(extent.X), Quarters(extent.Y), Quarters(extent.Z));
        int nx = 1, ny = 1, nz = 1;
        while ((long)nx * ny * nz < count)
        {
            float x = nx * cell.X, y = ny * cell.Y, z = nz * cell.Z;
            if (x <= y && x <= z) nx++;
            else if (y <= z) ny++;
            else nz++;
        }
        var origins = new Vector3[count];
        float farthest = 0;
        for (int i = 0; i < count; i++)
        {
            var place = new Vector3((i % nx) - ((nx - 1) / 2f), (i / nx % ny) - ((ny - 1) / 2f), (i / nx / ny) - ((nz - 1) / 2f));
            origins[i] = place * cell;
            var far = Vector3.Abs(origins[i]);
            farthest = MathF.Max(farthest, MathF.Max(far.X, MathF.Max(far.Y, far.Z)));
        }
        float rounding = count == 1 ? 0 : (MathF.BitIncrement(farthest + reach) - (farthest + reach)) / 2;
        if (rounding > options.LargestPositionRounding)
            throw new ArgumentException(FormattableString.Invariant($"{count} environments of {cell.X} m x {cell.Y} m x {cell.Z} m round positions by {rounding} m, more than {options.LargestPositionRounding} m: use fewer, or a smaller spacing or plane width"));
        return new EnvironmentGrid(origins, rounding);

        float Quarters(float width) => MathF.Max(0.25f, MathF.Ceiling((width + options.Spacing) * 4) / 4);
    }

    /// <summary>Widths of the scene as it begins, and the largest coordinate in it.</summary>
    private static Vector3 Extent(Scene scene, BepuOptions options, out float reach)
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (var body in scene.Bodies) Include(body.Shape, body.Pose);
        var far = Vector3.Max(Vector3.Abs(low), Vector3.Abs(high));
        reach = MathF.Max(far.X, MathF.Max(far.Y, far.Z));
        return high - low;

        void Include(Shape? shape, Pose pose)
        {
            if (shape is CompoundShape compound)
            {
                foreach (var part in compound.Parts) Include(part.Shape, pose.Transform(part.Pose));
                return;
            }
            var half = HalfWidths(shape, options);
            var centre = shape is PlaneShape ? pose.Transform(new Vector3(0, 0, -half.Z)) : pose.Position;
            var reached = Vector3.Abs(Vector3.Transform(new Vector3(half.X, 0, 0), pose.Orientation))
                + Vector3.Abs(Vector3.Transform(new Vector3(0, half.Y, 0), pose.Orientation))
                + Vector3.Abs(Vector3.Transform(new Vector3(0, 0, half.Z), pose.Orientation));
            low = Vector3.Min(low, centre - reached);
            high = Vector3.Max(high, centre + reached);
        }
    }

    private static Vector3 HalfWidths(Shape? shape, BepuOptions options) => shape switch
    {
        SphereShape sphere => new Vector3(sphere.Radius),
        CapsuleShape capsule => new Vector3(capsule.Radius, (capsule.Length / 2) + capsule.Radius, capsule.Radius),
        CylinderShape cylinder => new Vector3(cylinder.Radius, cylinder.Length / 2, cylinder.Radius),
        BoxShape box => new Vector3(box.X, box.Y, box.Z) / 2,
        PlaneShape => new Vector3(options.PlaneWidth, options.PlaneWidth, options.PlaneThickness) / 2,
        _ => Vector3.Zero,
    };
}
