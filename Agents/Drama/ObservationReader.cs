using System.Runtime.InteropServices;
using Sim.Environments;

namespace Sim.Agents.Drama;

/// <summary>Copies what a batch of environments shows, as it is kept.</summary>
internal sealed class ObservationReader
{
    private readonly BatchEnvironment _environments;
    private readonly ActorInputs? _numbers;
    private readonly byte[] _rows;

    public ObservationReader(BatchEnvironment environments, ObservationForm form)
    {
        _environments = environments;
        _rows = new byte[environments.Count * form.Bytes];
        if (form.Kind == ObservationKind.Vector) _numbers = new ActorInputs(environments);
    }

    /// <summary>A row of <see cref="ObservationForm.Bytes"/> for each environment; the next call overwrites them.</summary>
    public byte[] Read()
    {
        if (_numbers is null)
        {
            _environments.Observations.Bytes.CopyTo(_rows);
            return _rows;
        }
        var numbers = _numbers.Read();
        int kept = _rows.Length / _environments.Count;
        for (int lane = 0; lane < _environments.Count; lane++) MemoryMarshal.AsBytes(numbers.Row(lane))[..kept].CopyTo(_rows.AsSpan(lane * kept));
        return _rows;
    }
}
