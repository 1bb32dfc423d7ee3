// Draws a face that is nobody's: a head and shoulders in flat colours. Returns a JPEG in base64.
([number, width, height]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const draw = canvas.getContext('2d');
  const hue = number * 47 % 360;
  const skin = ['#f1c9a5', '#d9a066', '#8d5524', '#ffdbac', '#c68642', '#5c3a21'][number % 6];
  const hair = ['#2b1b12', '#6b4423', '#111', '#b08d57', '#43302b', '#7d7d7d'][number * 5 % 6];
  const ellipse = (x, y, a, b, from = 0, to = Math.PI * 2) => {
    draw.beginPath();
    draw.ellipse(x * width, y * height, a * width, b * height, 0, from, to);
    draw.fill();
  };

  const light = draw.createLinearGradient(0, 0, 0, height);
  light.addColorStop(0, `hsl(${hue} 35% 78%)`);
  light.addColorStop(1, `hsl(${hue} 30% 58%)`);
  draw.fillStyle = light;
  draw.fillRect(0, 0, width, height);
  draw.fillStyle = hair;
  ellipse(0.5, number % 2 ? 0.44 : 0.38, 0.25, number % 2 ? 0.34 : 0.26);
  draw.fillStyle = `hsl(${(hue + 180) % 360} 35% 32%)`;
  ellipse(0.5, 1.05, 0.42, 0.3);
  draw.fillStyle = skin;
  draw.fillRect(0.42 * width, 0.55 * height, 0.16 * width, 0.22 * height);
  ellipse(0.5, 0.45, 0.19, 0.25);
  draw.fillStyle = hair;
  ellipse(0.5, 0.32, 0.2, 0.14, Math.PI, 0);
  return canvas.toDataURL('image/jpeg', 0.8).split(',')[1];
}
