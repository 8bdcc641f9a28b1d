using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Candidate contacts of one face, at most <see cref="Capacity"/>: places in the face's plane and gaps to it along the
/// normal, all in metres. More than four are thinned out to the deepest and those that span the most area with it.
/// </summary>
internal unsafe struct PlanarContacts
{
    public const int Capacity = 24;

    public int Count;

    /// <summary>How many were offered, near enough or not.</summary>
    public int Offered;
    public fixed float U[Capacity];
    public fixed float V[Capacity];
    public fixed float Gap[Capacity];
    public fixed int Feature[Capacity];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float u, float v, float gap, float margin, int feature)
    {
        Offered++;
        if (!(gap <= margin) || Count >= Capacity) return;
        U[Count] = u;
        V[Count] = v;
        Gap[Count] = gap;
        Feature[Count] = feature;
        Count++;
    }

    /// <summary>
    /// Keeps four at most, in their order. A candidate must beat the best one before it clearly, so that rounding does not change the choice from step to
    /// step: the deepest kept lies within 2e-4 of the face's size of the true deepest.
    /// </summary>
    public void Thin(float size)
    {
        if (Count <= 4) return;
        int first = 0;
        for (int i = 1; i < Count; i++)
            if (Gap[i] < Gap[first] - 1e-4f * size) first = i;

        int second = first;
        float best = 0;
        for (int i = 0; i < Count; i++)
        {
            float du = U[i] - U[first], dv = V[i] - V[first];
            if (Better(du * du + dv * dv, ref best)) second = i;
        }

        // Where many are as deep, the one across from the second spans more.
        float deep = Gap[first] + 1e-4f * size;
        for (int i = 0; i < Count; i++)
        {
            float du = U[i] - U[second], dv = V[i] - V[second];
            if (Gap[i] <= deep && Better(du * du + dv * dv, ref best)) first = i;
        }

        int third = first;
        best = 0;
        for (int i = 0; i < Count; i++)
            if (Better(MathF.Abs(Area(first, second, i)), ref best)) third = i;

        int fourth = first;
        float turn = Area(first, second, third) < 0 ? -1f : 1f;
        best = 0;
        for (int i = 0; i < Count; i++)
        {
            float outside = Scalar.Max(-turn * Area(first, second, i), Scalar.Max(-turn * Area(second, third, i), -turn * Area(third, first, i)));
            if (Better(outside, ref best)) fourth = i;
        }

        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (i != first && i != second && i != third && i != fourth) continue;
            U[kept] = U[i];
            V[kept] = V[i];
            Gap[kept] = Gap[i];
            Feature[kept] = Feature[i];
            kept++;
        }
        Count = kept;
    }

    private static bool Better(float value, ref float best)
    {
        if (!(value > best * 1.001f)) return false;
        best = value;
        return true;
    }

    /// <summary>Twice the area of the triangle of three candidates, positive when they turn left.</summary>
    private float Area(int a, int b, int c) => (U[b] - U[a]) * (V[c] - V[a]) - (V[b] - V[a]) * (U[c] - U[a]);
}
