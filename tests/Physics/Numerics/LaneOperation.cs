using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

/// <summary>An expression on three lane values, written once and evaluated at any width.</summary>
internal interface ILaneExpression
{
    static abstract T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T>;
}

/// <summary>A named <see cref="ILaneExpression"/>, so that a test can hold many in one table.</summary>
internal abstract class LaneOperation
{
    /// <summary>The expression at every index of arrays whose length is a multiple of 16.</summary>
    public abstract float[] Evaluate<T>(float[] a, float[] b, float[] c) where T : unmanaged, ILane<T>;

    public static LaneOperation From<E>() where E : struct, ILaneExpression => new Of<E>();

    private sealed class Of<E> : LaneOperation where E : struct, ILaneExpression
    {
        public override unsafe float[] Evaluate<T>(float[] a, float[] b, float[] c)
        {
            var result = new float[a.Length];
            fixed (float* pa = a, pb = b, pc = c, target = result)
            {
                for (int i = 0; i < a.Length; i += T.Width)
                    T.Store(E.Of(T.Load(pa + i), T.Load(pb + i), T.Load(pc + i)), target + i);
            }
            return result;
        }

        public override string ToString() => typeof(E).Name;
    }
}
