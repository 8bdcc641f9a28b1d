namespace Sim.Physics.Collision;

/// <summary>
/// Gathers the contacts of any number of child pairs and keeps the four that constrain the bodies most: the deepest, then one by one those least
/// like the ones chosen, by distance and by difference of normals, weighted by depth. Holds up to <see cref="Capacity"/> candidates; when
/// they are full it reduces them to four and goes on, so that a choice among more depends on the order of the children, which is fixed.
/// </summary>
/// <remarks>
/// A candidate must be clearly better to be chosen before one of a lower feature, so that near ties do not alternate from step to step.
/// The deepest kept is within a thousandth of the length scale of the true deepest.
/// </remarks>
public unsafe struct ManifoldReducer
{
    /// <summary>Candidates held before they are reduced.</summary>
    public const int Capacity = 32;

    // Features of convex pairs are below 2^13.
    private const int FeatureBits = 13;

    // Values of one candidate: offset, depth, normal.
    private const int Stride = 7;

    // A candidate whose worth falls below this part of the squared length adds nothing to those chosen.
    private const float Redundant = 1e-6f;

    private fixed float values[Capacity * Stride];
    private fixed int features[Capacity];
    private fixed float apart[Capacity];
    private int count;
    private float margin, length;

    /// <summary>
    /// An empty reducer. <paramref name="length"/> (metres, the size of the smaller body) is the distance that counts as much as a right angle between
    /// normals; contacts fade from full weight at depth 0 to a tenth at −margin.
    /// </summary>
    public static void Start(float margin, float length, out ManifoldReducer reducer)
    {
        // The candidates stay as they are: clearing them would cost more than the reduction.
        reducer.count = 0;
        reducer.margin = margin;
        reducer.length = length;
    }

    /// <summary>
    /// Takes the contacts of one pair of children. <paramref name="offset"/> (world axes) runs from A's centre to that of its child;
    /// <paramref name="prefix"/> tells the pair of children from others, below 2^18.
    /// </summary>
    public void Add(in ConvexManifold manifold, in Float3 offset, int prefix)
    {
        if (manifold.Count > 0) Add(manifold.C0, manifold.Normal, offset, prefix);
        if (manifold.Count > 1) Add(manifold.C1, manifold.Normal, offset, prefix);
        if (manifold.Count > 2) Add(manifold.C2, manifold.Normal, offset, prefix);
        if (manifold.Count > 3) Add(manifold.C3, manifold.Normal, offset, prefix);
    }

    /// <summary>The contacts kept: the deepest first, then by feature.</summary>
    public void Finish(out GeneralManifold manifold)
    {
        if (count > 4) Reduce();
        else Order(Deepest());
        manifold = default;
        for (int i = 0; i < 4; i++)
            if (i < count) manifold.Add(Read(i));
    }

    private void Add(in Contact contact, in Float3 normal, in Float3 offset, int prefix)
    {
        if (count >= Capacity) Reduce();
        GeneralContact general;
        general.Offset = contact.Offset + offset;
        general.Depth = contact.Depth;
        general.Normal = normal;
        general.Feature = contact.Feature + (prefix << FeatureBits);
        Write(count, general);
        count++;
    }

    private readonly int Deepest()
    {
        int deepest = 0;
        for (int i = 1; i < count; i++)
        {
            float lead = Depth(i) - Depth(deepest), tie = 1e-3f * length;
            if (lead > tie || (lead > -tie && features[i] < features[deepest])) deepest = i;
        }
        return deepest;
    }

    /// <summary>Keeps four at most.</summary>
    private void Reduce()
    {
        int first = Deepest();
        for (int i = 0; i < count; i++) apart[i] = float.MaxValue;
        int second = Next(first, first);
        int third = Next(second, first);
        int fourth = Next(third, first);
        int kept = 0;
        int deepest = 0;
        for (int i = 0; i < count; i++)
        {
            if (i != first && i != second && i != third && i != fourth) continue;
            if (i == first) deepest = kept;
            Write(kept, Read(i));
            kept++;
        }
        count = kept;
        Order(deepest);
    }

    /// <summary>
    /// The candidate of most worth beside those chosen, of which <paramref name="latest"/> is the last; or
    /// <paramref name="first"/> where none adds anything.
    /// </summary>
    private int Next(int latest, int first)
    {
        int best = first;
        float bestWorth = Redundant * length * length;
        for (int i = 0; i < count; i++)
        {
            apart[i] = Scalar.Min(apart[i], Unlike(i, latest));
            float worth = apart[i] * Weight(Depth(i));
            bool clearly = worth > bestWorth * 1.02f;
            bool tie = best != first && worth > bestWorth * 0.98f && features[i] < features[best];
            if (!clearly && !tie) continue;
            best = i;
            bestWorth = worth;
        }
        return best;
    }

    /// <summary>Squared distance, with the difference of normals counted as distance.</summary>
    private readonly float Unlike(int i, int j)
    {
        float x = Value(i, 0) - Value(j, 0), y = Value(i, 1) - Value(j, 1), z = Value(i, 2) - Value(j, 2);
        float cosine = Value(i, 4) * Value(j, 4) + Value(i, 5) * Value(j, 5) + Value(i, 6) * Value(j, 6);
        return x * x + y * y + z * z + length * length * Scalar.Max(0f, 1f - cosine);
    }

    private readonly float Weight(float depth)
        => depth >= 0 || !(margin > 0) ? 1f : Scalar.Max(0.1f, 1f + 0.9f * depth / margin);

    /// <summary>Puts the deepest first and the others, three at most, by feature.</summary>
    private void Order(int deepest)
    {
        if (count < 2) return;
        Swap(0, deepest);
        if (count > 2 && features[2] < features[1]) Swap(1, 2);
        if (count > 3 && features[3] < features[2]) Swap(2, 3);
        if (count > 3 && features[2] < features[1]) Swap(1, 2);
    }

    private void Swap(int i, int j)
    {
        GeneralContact first = Read(i);
        Write(i, Read(j));
        Write(j, first);
    }

    private readonly float Value(int i, int part) => values[i * Stride + part];

    private readonly float Depth(int i) => values[i * Stride + 3];

    private readonly GeneralContact Read(int i)
    {
        GeneralContact contact;
        contact.Offset = new(Value(i, 0), Value(i, 1), Value(i, 2));
        contact.Depth = Value(i, 3);
        contact.Normal = new(Value(i, 4), Value(i, 5), Value(i, 6));
        contact.Feature = features[i];
        return contact;
    }

    private void Write(int i, in GeneralContact contact)
    {
        int at = i * Stride;
        values[at] = contact.Offset.X;
        values[at + 1] = contact.Offset.Y;
        values[at + 2] = contact.Offset.Z;
        values[at + 3] = contact.Depth;
        values[at + 4] = contact.Normal.X;
        values[at + 5] = contact.Normal.Y;
        values[at + 6] = contact.Normal.Z;
        features[i] = contact.Feature;
    }
}
