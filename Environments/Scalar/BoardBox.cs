using Sim.Environments.Spaces;

namespace Sim.Environments.Scalar;

/// <summary>Boxes of boards and pictures: uint8, of one upper limit.</summary>
public static class BoardBox
{
    /// <summary>Bytes <c>[first, second, third]</c> from 0 to <paramref name="high"/>.</summary>
    public static Box Of(int first, int second, int third, byte high = 1)
    {
        int size = first * second * third;
        return new(new float[size], [.. Enumerable.Repeat((float)high, size)], shape: [first, second, third], type: ElementType.UInt8);
    }
}
