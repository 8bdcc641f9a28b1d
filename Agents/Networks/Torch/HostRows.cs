using System.Runtime.InteropServices;
using TorchSharp;

namespace Sim.Agents.Networks.Torch;

/// <summary>Rows on their way between a matrix and a device: a tensor in host memory that is written anew each time.</summary>
internal sealed unsafe class HostRows : IDisposable
{
    private readonly torch.Tensor _host;
    private readonly int _columns;
    private readonly float* _data;

    public HostRows(int maxRows, int columns)
    {
        _columns = columns;
        _host = torch.empty(maxRows, columns, dtype: torch.float32).DetachFromDisposeScope();

        // Native memory: its address stands as long as the tensor lives.
        fixed (byte* data = _host.bytes)
        {
            _data = (float*)data;
        }
    }

    /// <summary>The rows of <paramref name="source"/> as a tensor on <paramref name="device"/>, of the caller's dispose scope.</summary>
    public torch.Tensor Take(in Matrix source, torch.Device device)
    {
        var target = new Matrix(_data, source.Rows, _columns, _columns);
        for (int row = 0; row < source.Rows; row++)
        {
            source.Row(row).CopyTo(target.Row(row));
        }
        return _host.narrow(0, 0, source.Rows).to(device);
    }

    /// <summary>Copies a tensor's rows into a matrix of equal size.</summary>
    public static void Put(torch.Tensor rows, in Matrix target)
    {
        var floats = MemoryMarshal.Cast<byte, float>(rows.detach().cpu().contiguous().bytes);
        for (int row = 0; row < target.Rows; row++)
        {
            floats.Slice(row * target.Columns, target.Columns).CopyTo(target.Row(row));
        }
    }

    public void Dispose() => _host.Dispose();
}
