using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>A symmetric 3×3 matrix, such as an inertia tensor in kg·m².</summary>
public readonly record struct SymmetricMatrix(float XX, float YX, float YY, float ZX, float ZY, float ZZ)
{
    public static SymmetricMatrix Diagonal(float x, float y, float z) => new(x, 0, y, 0, 0, z);

    public static SymmetricMatrix operator +(SymmetricMatrix a, SymmetricMatrix b)
        => new(a.XX + b.XX, a.YX + b.YX, a.YY + b.YY, a.ZX + b.ZX, a.ZY + b.ZY, a.ZZ + b.ZZ);

    public static Vector3 operator *(SymmetricMatrix m, Vector3 v) => new(
        (m.XX * v.X) + (m.YX * v.Y) + (m.ZX * v.Z),
        (m.YX * v.X) + (m.YY * v.Y) + (m.ZY * v.Z),
        (m.ZX * v.X) + (m.ZY * v.Y) + (m.ZZ * v.Z));

    public bool IsFinite => float.IsFinite(XX) && float.IsFinite(YX) && float.IsFinite(YY) && float.IsFinite(ZX) && float.IsFinite(ZY) && float.IsFinite(ZZ);

    /// <summary>True when every direction has a positive moment: Sylvester's criterion in double precision.</summary>
    public bool IsPositiveDefinite
    {
        get
        {
            double minor = ((double)XX * YY) - ((double)YX * YX);
            return XX > 0 && minor > 0 && Determinant > 0;
        }
    }

    /// <summary>The inverse, computed in double precision. Only for an invertible matrix.</summary>
    public SymmetricMatrix Inverse()
    {
        double scale = 1 / Determinant;
        return new SymmetricMatrix(
            (float)((((double)YY * ZZ) - ((double)ZY * ZY)) * scale),
            (float)((((double)ZY * ZX) - ((double)YX * ZZ)) * scale),
            (float)((((double)XX * ZZ) - ((double)ZX * ZX)) * scale),
            (float)((((double)YX * ZY) - ((double)YY * ZX)) * scale),
            (float)((((double)YX * ZX) - ((double)XX * ZY)) * scale),
            (float)((((double)XX * YY) - ((double)YX * YX)) * scale));
    }

    /// <summary>The same tensor in the axes that <paramref name="orientation"/> turns this one's axes into.</summary>
    public SymmetricMatrix Rotated(Quaternion orientation)
    {
        var x = Vector3.Transform(Vector3.UnitX, orientation);
        var y = Vector3.Transform(Vector3.UnitY, orientation);
        var z = Vector3.Transform(Vector3.UnitZ, orientation);
        // R·M·Rᵀ: with rows of R taken across the three turned axes.
        var rowX = new Vector3(x.X, y.X, z.X);
        var rowY = new Vector3(x.Y, y.Y, z.Y);
        var rowZ = new Vector3(x.Z, y.Z, z.Z);
        Vector3 mx = this * rowX, my = this * rowY, mz = this * rowZ;
        return new SymmetricMatrix(Vector3.Dot(rowX, mx), Vector3.Dot(rowY, mx), Vector3.Dot(rowY, my),
            Vector3.Dot(rowZ, mx), Vector3.Dot(rowZ, my), Vector3.Dot(rowZ, mz));
    }

    /// <summary>Inertia about a point at <paramref name="offset"/> from the centre of mass: the parallel-axis theorem.</summary>
    public SymmetricMatrix Shifted(Vector3 offset, float mass) => this + new SymmetricMatrix(
        mass * ((offset.Y * offset.Y) + (offset.Z * offset.Z)),
        -mass * offset.X * offset.Y,
        mass * ((offset.X * offset.X) + (offset.Z * offset.Z)),
        -mass * offset.X * offset.Z,
        -mass * offset.Y * offset.Z,
        mass * ((offset.X * offset.X) + (offset.Y * offset.Y)));

    private double Determinant
        => ((double)XX * (((double)YY * ZZ) - ((double)ZY * ZY)))
         - ((double)YX * (((double)YX * ZZ) - ((double)ZY * ZX)))
         + ((double)ZX * (((double)YX * ZY) - ((double)YY * ZX)));
}
