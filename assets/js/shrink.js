// Makes a photo small on the phone before it is sent or kept. What cannot be made small here goes as it is.
const LONGEST = 1600;
const SMALL_ENOUGH = 400_000;
// Older browsers draw a photo the way the sensor lay, not the way it was held; those leave it to the server.
const upright = window.CSS && CSS.supports("image-orientation", "from-image");

export async function shrunk(file) {
  if (!upright || file.size <= SMALL_ENOUGH || !file.type.startsWith("image/")) return file;
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#f7eed9";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return blob && blob.size < file.size ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : file;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
