namespace Sim.Protocols.Exchange.Hdf5;

/// <summary>A flag in HDF5: the enumeration over one byte that h5py shows as numpy's <c>bool</c>.</summary>
internal enum Hdf5Flag : byte
{
    FALSE = 0,
    TRUE = 1,
}

internal static class Hdf5Flags
{
    public static Hdf5Flag Of(bool flag) => flag ? Hdf5Flag.TRUE : Hdf5Flag.FALSE;

    public static Hdf5Flag[] Of(ReadOnlySpan<bool> flags)
    {
        var result = new Hdf5Flag[flags.Length];
        for (int i = 0; i < flags.Length; i++) result[i] = Of(flags[i]);
        return result;
    }
}
