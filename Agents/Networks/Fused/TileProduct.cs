namespace Sim.Agents.Networks.Fused;

/// <summary>
/// One matrix product C = start + A·B. Two strides on A serve all three uses: rows as they lie in the forward pass,
/// A transposed in the weight gradient.
/// </summary>
internal unsafe struct TileProduct
{
    /// <summary>A(i, k) = A[i·ARow + k·AInner].</summary>
    public float* A;
    public nint ARow, AInner;

    /// <summary>B(k, j) = B[k·BRow + j]; readable up to the padded number of columns.</summary>
    public float* B;
    public nint BRow;

    /// <summary>C(i, j) = C[i·CRow + j]; written up to the padded number of columns.</summary>
    public float* C;
    public nint CRow;

    /// <summary>What is added, start(i, j) = Start[i·StartRow + j]: a bias (row stride 0), zeros, or C itself.</summary>
    public float* Start;
    public nint StartRow;

    /// <summary>What the finish reads beside the sum, laid out as C; unused by most.</summary>
    public float* Other;

    public int Rows;

    /// <summary>Columns, padded to 8 or a multiple of 16.</summary>
    public int Columns;

    public int Inner;
}
